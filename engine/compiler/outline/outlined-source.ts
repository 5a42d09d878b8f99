// A parsed page or module with the indexes that the outline asks: which declaration a name belongs to, and which nodes print.

import type { AnyNode, CallExpression, ImportDeclaration, Program, VariableDeclarator } from 'acorn';
import { Lines } from '../../diagnostics/position.ts';
import { anchorOf, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type OutputSegment, type TextSegment } from '../1-scan/segments.ts';
import { parseTypeScript } from '../2-parse/index.ts';
import { identifierName, nodeAt, nodesAt, type SyntaxNode } from '../2-parse/syntax-nodes.ts';
import type { FunctionNode } from '../3-analyse/flow/output-nodes.ts';
import { isFunction } from '../3-analyse/flow/output-nodes.ts';
import type { FreeNames } from '../3-analyse/free-names.ts';
import type { PageNameFacts } from '../3-analyse/page-facts.ts';
import { type Survey, type SurveyedNode, surveyTree } from '../3-analyse/survey.ts';
import type { ParsedPage } from '../parsed-page.ts';
import { type DeclaredName, Scopes } from '../scopes.ts';
import { ChangedNames } from './changed-names.ts';

/** An import of a name: `default` and `*` are names too. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
}

/** A source whose names can be followed. */
export interface OutlinedSource {
  readonly file: string;
  readonly source: string;
  readonly tree: Program;
  readonly survey: Survey;
  /** The declaration of each use of a declared name, by the offset of the use. */
  readonly declared: ReadonlyMap<number, DeclaredName>;
  readonly free: FreeNames;
  readonly declarators: ReadonlyMap<number, VariableDeclarator>;
  readonly functions: ReadonlyMap<number, FunctionNode>;
  readonly imports: ReadonlyMap<number, ImportedName>;
  readonly lines: Lines;
  /** The lists and objects that may change after their declaration. */
  readonly changed: ChangedNames;
}

/** A page whose names can be followed. */
export interface OutlinedPage extends OutlinedSource {
  readonly facts: PageNameFacts['facts'];
  /** The names of `type Fields`, which scripts and other sites send. */
  readonly declaredFields: ReadonlySet<string>;
  /** Texts by the offset of their statement. */
  readonly texts: ReadonlyMap<number, TextSegment>;
  /** Outputs by the offset of their statement. */
  readonly outputs: ReadonlyMap<number, OutputSegment>;
  /** The nodes that print, and all nodes around them. */
  readonly printing: ReadonlySet<AnyNode>;
  /** The templates with the tag `html`, and all nodes around them. */
  readonly markup: ReadonlySet<AnyNode>;
}

/** The part of a parsed page that the outline is made of. The tree with types and the scopes are not kept. */
export interface OutlineInput
  extends Pick<ParsedPage, 'source' | 'file' | 'segments' | 'overlay' | 'tree'>,
    Pick<OutlinedPage, 'declared' | 'declaredFields' | 'facts' | 'free' | 'lines' | 'survey'> {}

export function outlineInput({
  source,
  file,
  segments,
  overlay,
  tree,
  typed,
  names,
}: ParsedPage): OutlineInput {
  const { facts, free, lines, survey, scopes } = names;
  const found = { declared: scopes.declaredNames(), declaredFields: declaredFieldsIn(typed) };
  return { source, file, segments, overlay, tree, facts, free, lines, survey, ...found };
}

/** The outlined form of a parsed page. */
export function outlinedPage({ segments, overlay, ...page }: OutlineInput): OutlinedPage {
  const texts = new Map<number, TextSegment>();
  const outputs = new Map<number, OutputSegment>();
  for (const segment of segments) {
    if (isOutput(segment)) outputs.set(outputStart(segment), segment);
    else if (segment.kind === 'text' && overlay.printed.has(segment)) texts.set(anchorOf(segment), segment);
  }
  const indexes = { ...page, ...indexed(page), texts, outputs };
  return { ...indexes, printing: printingNodes(indexes), markup: markupNodes(indexes) };
}

/**
 * The outlined form of a module.
 * @throws Problem for a module that does not parse
 */
export function outlinedModule(source: string, file: string): OutlinedSource {
  const { tree } = parseTypeScript(source, { file, page: false });
  const survey = surveyTree(tree);
  const scopes = new Scopes(tree);
  const lines = new Lines(source);
  const declared = scopes.declaredNames();
  const free = scopes.freeNames();
  return { ...indexed({ survey, declared }), file, source, tree, survey, free, lines, declared };
}

function indexed({
  survey: { nodes },
  declared,
}: Pick<OutlinedSource, 'survey' | 'declared'>): Pick<
  OutlinedSource,
  'declarators' | 'functions' | 'imports' | 'changed'
> {
  const declarators = new Map<number, VariableDeclarator>();
  const functions = new Map<number, FunctionNode>();
  const imports = new Map<number, ImportedName>();
  for (const { node } of nodes) {
    if (node.type === 'VariableDeclarator') declarators.set(node.start, node);
    else if (isFunction(node)) functions.set(node.start, node);
    else if (node.type === 'ImportDeclaration') noteImports(node, imports);
  }
  const named = { declared, functions, declarators };
  const changed = new ChangedNames({ nodes, declared, functionNamed: (node) => functionNamed(node, named) });
  return { declarators, functions, imports, changed };
}

function noteImports({ source, specifiers }: ImportDeclaration, imports: Map<number, ImportedName>): void {
  for (const specifier of specifiers) {
    const name =
      specifier.type === 'ImportSpecifier'
        ? exportedName(specifier.imported)
        : specifier.type === 'ImportDefaultSpecifier'
          ? 'default'
          : '*';
    imports.set(specifier.start, { specifier: String(source.value), name });
  }
}

/** The name in an import or export, which may be a text. */
export function exportedName(name: { readonly name: string } | { readonly value?: unknown }): string {
  return 'name' in name ? name.name : String(name.value);
}

/** The members of a page's `type Fields = { … }` or `interface Fields`. */
function declaredFieldsIn(typed: SyntaxNode): Set<string> {
  const declared = nodesAt(typed, 'body').filter((node) => identifierName(nodeAt(node, 'id')) === 'Fields');
  const members = declared.flatMap((node) => {
    const alias = nodeAt(node, 'typeAnnotation');
    if (alias !== undefined) return nodesAt(alias, 'members');
    const body = nodeAt(node, 'body');
    return body === undefined ? [] : nodesAt(body, 'body');
  });
  return new Set(
    members.map((member) => keyText(nodeAt(member, 'key'))).filter((name) => name !== undefined),
  );
}

function keyText(key: SyntaxNode | undefined): string | undefined {
  return identifierName(key) ?? (typeof key?.value === 'string' ? key.value : undefined);
}

/** The page names whose calls print. */
const PRINTING_NAMES: ReadonlySet<string> = new Set(['Include', 'Layout', 'Section', 'print']);

type Unprinted = Omit<OutlinedPage, 'printing' | 'markup'>;

/** The nodes that print; a call of a function that prints is one of them. */
function printingNodes(page: Unprinted): Set<AnyNode> {
  const found = new Set<AnyNode>();
  const names = new Set(
    [...PRINTING_NAMES].flatMap((name) => page.free.get(name) ?? []).map(({ start }) => start),
  );
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const placed of page.survey.nodes) {
      if (!found.has(placed.node) && printsItself(placed.node, page, names, found)) addUpwards(placed, found);
    }
  }
  return found;
}

function addUpwards(placed: SurveyedNode, found: Set<AnyNode>): void {
  for (let at: SurveyedNode | undefined = placed; at && !found.has(at.node); at = at.parent)
    found.add(at.node);
}

function markupNodes({ survey, free }: Unprinted): Set<AnyNode> {
  const found = new Set<AnyNode>();
  const uses = ['html', 'raw', 'CONTENT', 'SECTION'].flatMap((name) => free.get(name) ?? []);
  const starts = new Set(uses.map(({ start }) => start));
  if (starts.size === 0) return found;
  for (const placed of survey.nodes)
    if (placed.node.type === 'Identifier' && starts.has(placed.node.start)) addUpwards(placed, found);
  return found;
}

function printsItself(
  node: AnyNode,
  page: Unprinted,
  names: ReadonlySet<number>,
  found: ReadonlySet<AnyNode>,
): boolean {
  if (node.type === 'EmptyStatement') return page.texts.has(node.start);
  if (node.type === 'ExpressionStatement') return page.outputs.has(node.start);
  if (node.type !== 'CallExpression') return false;
  if (names.has(node.callee.start)) return true;
  const called = calledFunction(node, page);
  return called !== undefined && found.has(called.body);
}

type NamedFunctions = Pick<OutlinedSource, 'declared' | 'functions' | 'declarators'>;

/** The function of the source that a call names; undefined for any other call. */
export function calledFunction({ callee }: CallExpression, source: NamedFunctions): FunctionNode | undefined {
  return functionNamed(callee, source);
}

function functionNamed(node: AnyNode, source: NamedFunctions): FunctionNode | undefined {
  if (node.type !== 'Identifier') return undefined;
  const name = source.declared.get(node.start);
  if (name === undefined || name.isReassigned) return undefined;
  if (name.kind === 'function') return source.functions.get(name.node);
  const value = name.kind === 'variable' ? source.declarators.get(name.node)?.init : undefined;
  return value && isFunction(value) ? value : undefined;
}
