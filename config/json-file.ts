// Parses a JSON file with the positions of its keys and values, so that an error can point at them. The JSON is strict,
// as editors expect it. A repeated key is an error, because one of its values would be ignored.

import { type DocumentNode, evaluate, type MemberNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import { Lines } from '../engine/diagnostics/position.ts';
import { type Place, Problem } from '../engine/diagnostics/problem.ts';

/** A parsed JSON file. */
export interface JsonFile {
  readonly file: string;
  readonly value: unknown;
  /** The position of the key or value at a path, or of the nearest parent that exists. */
  placeOf(path: readonly string[], part: 'key' | 'value'): Place;
}

/**
 * Parses a JSON text.
 * @throws Problem `config-not-json`, `config-repeated-key`, with line and column
 */
export function parsedJson(source: string, file: string): JsonFile {
  const document = parsedDocument(source.replace(/^\uFEFF/, ''), file);
  refuseRepeatedKeys(document.body, file);
  return {
    file,
    value: evaluate(document),
    placeOf: (path, part) => ({ file, ...placeBelow(document.body, path, part) }),
  };
}

function parsedDocument(source: string, file: string): DocumentNode {
  try {
    return parse(source, { mode: 'json' });
  } catch (error) {
    const end = source.trimEnd().length;
    const details = endsTooEarly(source)
      ? { ...new Lines(source).at(end), params: { what: 'it ends too early' } }
      : { ...place(error), params: { what: inOurWords(error) } };
    throw new Problem('config-not-json', { file, ...details });
  }
}

/**
 * Whether the text ends too early. momoa reports such an error at the last token, so an invalid character is appended:
 * if the error moves to it, the text was incomplete.
 */
function endsTooEarly(source: string): boolean {
  try {
    parse(`${source}\n\u0001`, { mode: 'json' });
    return true;
  } catch (error) {
    const { line } = place(error);
    const inString = error instanceof Error && error.message.includes('end of input');
    return inString || line === new Lines(source).at(source.length).line + 1;
  }
}

/** The position of an error of momoa, which has the members `line` and `column`. */
function place(error: unknown): Place {
  if (typeof error !== 'object' || error === null) return {};
  if (!('line' in error && 'column' in error)) return {};
  const { line, column } = error;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : {};
}

/**
 * The message of an error of momoa with tokens instead of class names; momoa writes "Unexpected token RBrace found.
 * (1:8)".
 */
function inOurWords(error: unknown): string {
  return (error instanceof Error ? error.message : String(error))
    .replace(/ found\. \(\d+:\d+\)$/, '')
    .replace(/^U/, 'u')
    .replace(/token (\w+)$/, (_, token: string) => TOKEN_WORDS[token] ?? token);
}

const TOKEN_WORDS: Readonly<Record<string, string>> = {
  LBrace: "'{'",
  RBrace: "'}'",
  LBracket: "'['",
  RBracket: "']'",
  Colon: "':'",
  Comma: "','",
  Number: 'number',
  String: 'text',
  Boolean: 'true or false',
  Null: 'null',
};

function refuseRepeatedKeys(node: ValueNode, file: string): void {
  if (node.type === 'Array') for (const element of node.elements) refuseRepeatedKeys(element.value, file);
  if (node.type !== 'Object') return;
  const seen = new Set<string>();
  for (const member of node.members) {
    const key = keyOf(member);
    if (seen.has(key))
      throw new Problem('config-repeated-key', { file, ...start(member.name), params: { key } });
    seen.add(key);
    refuseRepeatedKeys(member.value, file);
  }
}

function placeBelow(node: ValueNode, path: readonly string[], part: 'key' | 'value'): Place {
  const [first, ...rest] = path;
  if (first === undefined) return start(node);
  if (node.type === 'Array') {
    const element = node.elements[Number(first)];
    return element === undefined ? start(node) : placeBelow(element.value, rest, part);
  }
  if (node.type !== 'Object') return start(node);
  const member = node.members.find((candidate) => keyOf(candidate) === first);
  if (member === undefined) return start(node);
  if (rest.length === 0 && part === 'key') return start(member.name);
  return placeBelow(member.value, rest, part);
}

function keyOf(member: MemberNode): string {
  return member.name.type === 'String' ? member.name.value : member.name.name;
}

function start(node: ValueNode | MemberNode['name']): Place {
  return { line: node.loc.start.line, column: node.loc.start.column };
}
