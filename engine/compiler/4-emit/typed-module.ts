// The overlay of a page → a TypeScript module that is type-checked and never run. The page stands on the top level of
// the module, where it may import, await and declare types for other pages. Its `return` becomes a `throw`, which ends
// control flow as well. The page's own lines come first and unchanged; the declarations of page names stand behind
// them, because declarations hold for a whole module.

import { outputStart } from '../1-scan/overlay.ts';
import { isOutput, type OutputSegment } from '../1-scan/segments.ts';
import { childNodes, identifierName, nodeAt, nodesAt, type SyntaxNode } from '../2-parse/syntax-nodes.ts';
import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import type { Piece } from '../facts.ts';
import { withinStack } from '../nesting-depth.ts';
import { type ParsedPage, parsePage } from '../parsed-page.ts';
import { writtenNames } from '../written-names.ts';
import { applyEdits, type Edit } from './edits.ts';
import { InternalNames } from './internal-names.ts';
import { type DeclaredPage, declarations, fieldTellers, type TypedModuleSite } from './typed-declarations.ts';
import { localsEdits } from './typed-locals.ts';

/** A page as a TypeScript module. */
export interface TypedPage {
  readonly code: string;
  /** The ranges of the page's own characters in the code. */
  readonly pieces: readonly Piece[];
  /** The offsets in the page at which its outputs begin, each with the offset of its expression. */
  readonly outputs: ReadonlyMap<number, number>;
  /** The offset in the code of the lines that make the type check tell fields; its errors there are no mistakes. */
  readonly tellersStart: number;
}

/** A typed module without the declarations behind the page, which depend on the page's path and the pages around it. */
export interface TypedDraft extends Omit<TypedPage, 'tellersStart'> {
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
  const page = { ...declared, site };
  const declaring = `${code}\n${declarations(page).join('\n')}\n`;
  const tellers = fieldTellers(page).map((line) => `${line}\n`);
  return { code: declaring + tellers.join(''), pieces, outputs, tellersStart: declaring.length };
}

export function typedDraft(page: ParsedPage): TypedDraft {
  return withinStack(page.typed, page, () => draftModule(page));
}

function draftModule({ source, segments, overlay, typed, names }: ParsedPage): TypedDraft {
  const { kit } = new InternalNames(writtenNames(source, typed));
  const outputs = segments.filter(isOutput);
  const deletions = /\bdelete\b/.test(source) ? deletedMembers(typed) : [];
  const statements = nodesAt(typed, 'body');
  const wrappedLocals = statements.flatMap((statement) => localsEdits(statement, kit));
  const declared = {
    kit,
    free: names.free,
    queried: /\btypeof\b/.test(source) ? typeQueries(typed) : new Set<string>(),
    facts: names.facts,
    hasArgs: statements.some((statement) => declares(statement, 'Args')),
    hasLocals: statements.some((statement) => declares(statement, 'Locals')),
    wrapsLocals: wrappedLocals.length > 0,
    schemas: names.schemas.map(({ start, argument }) => ({
      start,
      text: source.slice(argument.start, argument.end),
    })),
    usesKit: outputs.length > 0 || deletions.length > 0,
  };
  const { code, pieces } = applyEdits(overlay.code, [
    ...outputs.flatMap((output) => callEdits(`${kit}.output`, outputStart(output), output.innerEnd)),
    ...deletions.flatMap(({ start, end }) => callEdits(`${kit}.deletable`, start, end)),
    ...wrappedLocals,
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

/** The names in `typeof name` inside of types that the page does not declare. The erased page does not have them. */
function typeQueries(root: SyntaxNode): ReadonlySet<string> {
  const queried = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    const named = nodeAt(node, NAMING[node.type] ?? '');
    const names = node.type === 'TSTypeQuery' ? queried : declared;
    for (const name of identifiersIn(named)) names.add(name);
    for (const child of childNodes(node)) visit(child);
  };
  visit(root);
  for (const name of declared) queried.delete(name);
  return queried;
}

/** The member of a node that names what the node declares; for `typeof`, the name that it asks for. */
const NAMING: Readonly<Record<string, string>> = {
  TSTypeQuery: 'exprName',
  VariableDeclarator: 'id',
  FunctionDeclaration: 'id',
  ClassDeclaration: 'id',
  ImportSpecifier: 'local',
  ImportDefaultSpecifier: 'local',
  ImportNamespaceSpecifier: 'local',
};

/** The identifier itself, or those of a destructuring pattern. */
function identifiersIn(node: SyntaxNode | undefined): string[] {
  if (node === undefined) return [];
  const name = node.type === 'Identifier' ? identifierName(node) : undefined;
  return name === undefined ? childNodes(node).flatMap(identifiersIn) : [name];
}

/** Whether a statement declares or imports a type of this name. */
function declares(statement: SyntaxNode, name: string): boolean {
  if (statement.type === 'ImportDeclaration')
    return nodesAt(statement, 'specifiers').some(
      (specifier) => identifierName(nodeAt(specifier, 'local')) === name,
    );
  return DECLARATIONS.has(statement.type) && identifierName(nodeAt(statement, 'id')) === name;
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'ClassDeclaration',
]);
