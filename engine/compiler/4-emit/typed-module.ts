// The overlay of a page → a TypeScript module that is type-checked and never run. The page stands on the top level of
// the module, where it may import, await and declare types for other pages. Its `return` becomes a `throw`, which ends
// control flow as well. The page's own lines come first and unchanged; the declarations of page names stand behind
// them, because declarations hold for a whole module.

import { outputStart } from '../1-scan/overlay.ts';
import { isOutput, type OutputSegment } from '../1-scan/segments.ts';
import { childNodes, identifierName, nodeAt, nodesAt, type SyntaxNode } from '../2-parse/syntax-nodes.ts';
import { namesOf } from '../3-analyse/index.ts';
import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import type { Piece } from '../facts.ts';
import { withinStack } from '../nesting-depth.ts';
import { type ParsedPage, parsePage } from '../parsed-page.ts';
import { writtenNames } from '../written-names.ts';
import { applyEdits, type Edit } from './edits.ts';
import { InternalNames } from './internal-names.ts';
import { type DeclaredPage, declarations, type TypedModuleSite } from './typed-declarations.ts';

/** A page as a TypeScript module. */
export interface TypedPage {
  readonly code: string;
  /** The ranges of the page's own characters in the code. */
  readonly pieces: readonly Piece[];
  /** The offsets in the page at which its outputs begin, each with the offset of its expression. */
  readonly outputs: ReadonlyMap<number, number>;
}

/** A typed module without the declarations behind the page, which depend on the page's path and the pages around it. */
export interface TypedDraft extends TypedPage {
  readonly declared: Omit<DeclaredPage, 'site'>;
}

/**
 * Makes the typed module of a page. A page that breaks only rules of the compiler has one too: its types are checked
 * as well.
 * @param file the name of the page in errors
 * @throws Problem for a page that does not parse
 */
export function typePage(source: string, file: string, site: TypedModuleSite): TypedPage {
  return typedPage(typedDraft(parsePage(source, file)), site);
}

export function typedPage({ code, pieces, outputs, declared }: TypedDraft, site: TypedModuleSite): TypedPage {
  const behind = declarations({ ...declared, site }).join('\n');
  return { code: `${code}\n${behind}\n`, pieces, outputs };
}

export function typedDraft(page: ParsedPage): TypedDraft {
  return withinStack(page.typed, page, () => draftModule(page, namesOf(page)));
}

function draftModule({ source, segments, overlay, typed }: ParsedPage, names: PageNameFacts): TypedDraft {
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
    ...outputs.flatMap((output) => callEdits(`${kit}.output`, outputStart(output), output.innerEnd)),
    ...deletions.flatMap(({ start, end }) => callEdits(`${kit}.deletable`, start, end)),
    ...returnEdits(names),
  ]);
  const starts = outputs.map((output): [number, number] => [
    outputStart(output),
    expressionStart(source, output),
  ]);
  return { code, pieces, outputs: new Map(starts), declared };
}

function callEdits(name: string, start: number, end: number): [Edit, Edit] {
  return [
    { start, end: start, text: `${name}(` },
    { start: end, end, text: ')' },
  ];
}

function expressionStart(source: string, { innerStart, innerEnd }: OutputSegment): number {
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
      (specifier) => identifierName(nodeAt(specifier, 'local')) === 'Args',
    );
  return DECLARATIONS.has(statement.type) && identifierName(nodeAt(statement, 'id')) === 'Args';
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'ClassDeclaration',
]);
