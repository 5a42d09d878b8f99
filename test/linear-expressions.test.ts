// Every regular expression of the engine and the configuration takes linear time on any text, because most of them see
// text from outside (headers, fields, pages, logs). recheck proves it from the expression's automaton, without a clock.
// An exception says why on its line or the one before: `// linear: reason`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyNode } from 'acorn';
import test from 'ava';
import { check } from 'recheck';
import { parseTypeScript } from '../engine/compiler/2-parse/index.ts';
import { childNodes } from '../engine/compiler/2-parse/syntax-nodes.ts';
import { Lines } from '../engine/diagnostics/position.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Expression {
  readonly place: string;
  /** undefined: put together at run time. */
  readonly pattern: string | undefined;
  readonly flags: string;
  readonly reason: string | undefined;
}

function expressionsIn(file: string): Expression[] {
  const source = readFileSync(join(root, file), 'utf8');
  const lines = new Lines(source);
  const rows = source.split('\n');
  const found: Expression[] = [];
  const visit = (node: AnyNode): void => {
    const expression = expressionAt(node);
    if (expression !== undefined) {
      const { line } = lines.at(node.start);
      const near = `${rows[line - 2]}\n${rows[line - 1]}`;
      found.push({ ...expression, place: `${file}:${line}`, reason: /\/\/ linear: (.+)/.exec(near)?.[1] });
    }
    for (const child of childNodes(node)) visit(child as AnyNode);
  };
  visit(parseTypeScript(source, { file, page: false }).tree as AnyNode);
  return found;
}

function expressionAt(node: AnyNode): Pick<Expression, 'pattern' | 'flags'> | undefined {
  if (node.type === 'Literal' && node.regex) return node.regex;
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return undefined;
  if (node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return undefined;
  const [first] = node.arguments;
  // The source of a literal, which is checked where it stands.
  const isCopy =
    first?.type === 'MemberExpression' && 'name' in first.property && first.property.name === 'source';
  return isCopy ? undefined : { pattern: undefined, flags: '' };
}

const expressions = ['engine', 'config'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => expressionsIn(join(folder, name))),
);

/** Why an expression is slow; undefined if it is linear. A sticky expression begins at one place only. */
async function fault({ pattern, flags }: Pick<Expression, 'pattern' | 'flags'>): Promise<string | undefined> {
  if (pattern === undefined) return 'put together at run time';
  const isSticky = flags.includes('y');
  const found = await check(
    isSticky ? `^(?:${pattern})` : pattern,
    isSticky ? flags.replace('y', '') : flags,
    {
      timeout: null,
      // If recheck finds no proof, it tries random texts. With this seed they are the same ones at each run.
      randomSeed: 1,
    },
  );
  if (found.status === 'safe') return undefined;
  return found.status === 'vulnerable' ? found.complexity.summary : found.error.kind;
}

test('an expression that takes more than linear time is noticed', async (t) => {
  for (const [pattern, flags] of [
    [String.raw`^bytes=\s*(\d*)\s*-\s*(\d*)\s*$`, 'i'],
    [String.raw`\s+$`, ''],
    [String.raw`^(?:(.*?) \()?(.*?):(\d+):(\d+)\)?$`, ''],
    ['^(?:a|a)*b', 'y'],
  ] as const) {
    t.not(await fault({ pattern, flags }), undefined, pattern);
  }
});

test('every regular expression takes linear time on any text, or says why its text is short', async (t) => {
  t.timeout(600_000);
  t.true(expressions.length > 250, String(expressions.length));
  const known = new Map<string, string | undefined>();
  for (const expression of expressions) {
    const { place, pattern, flags, reason } = expression;
    const key = `/${pattern}/${flags}`;
    if (!known.has(key)) known.set(key, await fault(expression));
    if (reason === undefined) t.is(known.get(key), undefined, `${place} ${key}`);
    else t.not(known.get(key), undefined, `${place} ${key} needs no exception`);
  }
});
