// A page's overlay → a TypeScript module to be type-checked, never run. The page stands on the module's top level, where
// it may import, await and declare types for other pages; its `return` becomes a `throw`, which ends the flow as well.
// Every line stays where it is, since what the page can name is declared behind its end: it holds for the whole module.

import { outputStart } from '../1-scan/overlay.ts';
import { isOutput } from '../1-scan/segments.ts';
import { childNodes, nameOf, nodeAt, nodesAt, type SyntaxNode } from '../2-parse/nodes.ts';
import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import type { Piece } from '../facts.ts';
import type { ParsedPage } from '../parsed-page.ts';
import { writtenNames } from '../written-names.ts';
import { applyEdits, type Edit } from './edits.ts';
import { InternalNames } from './internal-names.ts';
import { type Declared, declarations, type TypedPlace } from './typed-names.ts';

export type { TypedPlace } from './typed-names.ts';

/** A page as a TypeScript module. */
export interface TypedPage {
  readonly code: string;
  /** Where the page's own characters stand in the code. */
  readonly pieces: readonly Piece[];
  /** The offsets in the page at which its outputs begin, each with that of its expression. */
  readonly outputs: ReadonlyMap<number, number>;
}

/** The same without the declarations behind the page, which depend on where it stands. */
export interface TypedDraft extends TypedPage {
  readonly declared: Omit<Declared, 'place'>;
}

export function typedPage({ code, pieces, outputs, declared }: TypedDraft, place: TypedPlace): TypedPage {
  const behind = declarations({ ...declared, place }).join('\n');
  return { code: `${code}\n${behind}\n`, pieces, outputs };
}

export function draftOf({ source, segments, overlay, typed }: ParsedPage, names: PageNameFacts): TypedDraft {
  const { kit } = new InternalNames(writtenNames(source, typed));
  const outputs = segments.filter(isOutput);
  const deletions = deletedMembers(typed);
  const declared = {
    kit,
    free: names.free,
    facts: names.facts,
    hasArgs: nodesAt(typed, 'body').some(declaresArgs),
    usesKit: outputs.length > 0 || deletions.length > 0,
  };
  const { code, pieces } = applyEdits(overlay.code, [
    ...outputs.flatMap((output) => call(`${kit}.output`, outputStart(output), output.innerEnd)),
    ...deletions.flatMap(({ start, end }) => call(`${kit}.deletable`, start, end)),
    ...returnEdits(names),
  ]);
  const starts = outputs.map((output): [number, number] => [outputStart(output), firstCode(source, output)]);
  return { code, pieces, outputs: new Map(starts), declared };
}

function call(name: string, start: number, end: number): [Edit, Edit] {
  return [
    { start, end: start, text: `${name}(` },
    { start: end, end, text: ')' },
  ];
}

/** Where an output's expression begins behind its delimiter. */
function firstCode(
  source: string,
  { innerStart, innerEnd }: { innerStart: number; innerEnd: number },
): number {
  const at = source.slice(innerStart, innerEnd).search(/\S/);
  return innerStart + Math.max(at, 0);
}

function returnEdits({ returns }: PageNameFacts): Edit[] {
  return returns.map(({ start, argument }) => ({
    start,
    end: start + 'return'.length,
    text: argument ? 'throw' : 'throw 0',
  }));
}

/** The `x` of every `delete x.name`. */
function deletedMembers(node: SyntaxNode): SyntaxNode[] {
  const below = childNodes(node).flatMap(deletedMembers);
  const target = node.type === 'UnaryExpression' && node.operator === 'delete' && nodeAt(node, 'argument');
  const object = target && target.type === 'MemberExpression' ? nodeAt(target, 'object') : undefined;
  return object === undefined || object.type === 'Super' ? below : [object, ...below];
}

function declaresArgs(statement: SyntaxNode): boolean {
  if (statement.type === 'ImportDeclaration')
    return nodesAt(statement, 'specifiers').some(
      (specifier) => nameOf(nodeAt(specifier, 'local')) === 'Args',
    );
  return DECLARATIONS.has(statement.type) && nameOf(nodeAt(statement, 'id')) === 'Args';
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'ClassDeclaration',
]);
