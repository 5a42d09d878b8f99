// The reads of a request by the code of a page: fields, uploads, schemas of Form; and where it redirects to. Only the page's own
// code counts, not that of its parts.

import type { AnyNode, CallExpression, ObjectExpression } from 'acorn';
import type { SurveyedNode } from '../3-analyse/survey.ts';
import type { SourcePlace } from '../facts.ts';
import { evaluate, type Frame } from './evaluate-expression.ts';
import { usesOfForms } from './form-variables.ts';
import { frameWithLoops } from './loop-values.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { HOLE, textsOf } from './possible-value.ts';

/** A name in the source of a page. */
export interface WrittenName {
  readonly name: string;
  /** The offset of the identifier or literal; where code computes the name, that of the expression. */
  readonly start: number;
  /** Whether it stands for a property and a variable: `{ name }`. */
  readonly isShorthand: boolean;
}

/** A name that a page reads, with the place of the record that it is read from. */
export interface ReadName extends WrittenName, SourcePlace {}

/** A redirect of a page, also that of `form.retry(path)`. */
export interface RedirectFact extends SourcePlace {
  /** The targets, with holes. */
  readonly texts: readonly string[];
  /** The offset of the expression that gives the target. */
  readonly start: number;
}

/** A call of Form. */
export interface FormCall extends SourcePlace {
  /** The offset of the call. */
  readonly start: number;
}

/** The reads of a request by one page. */
export interface PageReads {
  /** Fields and uploads, as forms name them: a list with `[]`. */
  readonly fields: readonly ReadName[];
  /** The first place where the page may read other fields: it hands QUERY, FILES or the request on, or computes a name. */
  readonly open: SourcePlace | undefined;
  readonly forms: readonly FormCall[];
  readonly redirects: readonly RedirectFact[];
  /** Whether the page names a part or layout by a path that is not literal. */
  readonly hasComputedPart: boolean;
}

interface FoundReads {
  readonly fields: ReadName[];
  open: SourcePlace | undefined;
}

/** The reads of a page's own code. */
export function pageReads(page: OutlinedPage, imported: Frame['imported']): PageReads {
  const frame = frameWithLoops(page, imported);
  const found: FoundReads = { fields: [], open: undefined };
  const names = [...page.free.keys()].filter((name) => name.length > 1 && name.startsWith('_'));
  for (const { node, parent } of usesOf(names, page)) {
    if (node.type !== 'Identifier') continue;
    const isShorthand = parent?.node.type === 'Property' && parent.node.shorthand;
    const { start } = node;
    found.fields.push({ name: node.name.slice(1), start, isShorthand, ...page.lines.at(start) });
  }
  for (const use of usesOf(['QUERY', 'FILES'], page)) noteRecordUse(use, frame, page, found);
  for (const use of usesOf(['REQUEST'], page)) noteRequestUse(use, frame, page, found);
  const forms = callsOf('Form', page);
  const targets = [...callsOf('redirect', page).flatMap(redirectTargets), ...retryTargets(forms, page)];
  return {
    ...found,
    forms: forms.map(({ start }) => ({ start, ...page.lines.at(start) })),
    redirects: targets.map((target) => redirectFact(target, frame, page)),
    hasComputedPart: ['Include', 'Layout'].some((name) => callsOf(name, page).some(isComputed)),
  };
}

/** The identifiers that use page names. */
export function usesOf(names: readonly string[], page: OutlinedPage): SurveyedNode[] {
  const starts = new Set(names.flatMap((name) => page.free.get(name) ?? []).map(({ start }) => start));
  if (starts.size === 0) return [];
  return page.survey.nodes.filter(({ node }) => node.type === 'Identifier' && starts.has(node.start));
}

/** The calls of a page name. */
export function callsOf(name: string, page: OutlinedPage): CallExpression[] {
  const calls = (page.free.get(name) ?? []).map(({ start }) => page.survey.calls.get(start));
  return calls.filter((call) => call !== undefined);
}

/** The names by which a use reads members of a record; undefined: they are not known. */
export function readNames(use: SurveyedNode, frame: Frame): readonly WrittenName[] | undefined {
  const { node } = use;
  const parent = use.parent?.node;
  if (parent?.type === 'MemberExpression' && parent.object === node) return memberNames(parent, frame);
  if (parent?.type === 'BinaryExpression' && parent.operator === 'in' && parent.right === node)
    return writtenNames(parent.left, frame);
  if (parent?.type === 'VariableDeclarator' && parent.init === node) return patternNames(parent.id);
  return undefined;
}

function memberNames(
  { property, computed }: Extract<AnyNode, { type: 'MemberExpression' }>,
  frame: Frame,
): readonly WrittenName[] | undefined {
  if (computed) return writtenNames(property, frame);
  if (property.type !== 'Identifier') return undefined;
  return [{ name: property.name, start: property.start, isShorthand: false }];
}

/** The names that an expression gives. */
export function writtenNames(node: AnyNode, frame: Frame): readonly WrittenName[] | undefined {
  return knownTexts(node, frame)?.map((name) => ({ name, start: node.start, isShorthand: false }));
}

/** The texts of an expression; undefined if one of them has a hole. */
export function knownTexts(node: AnyNode, frame: Frame): readonly string[] | undefined {
  const texts = textsOf(evaluate(node, frame));
  return texts.some((text) => text.includes(HOLE)) ? undefined : texts;
}

function patternNames(pattern: AnyNode): readonly WrittenName[] | undefined {
  if (pattern.type !== 'ObjectPattern') return undefined;
  const names: WrittenName[] = [];
  for (const property of pattern.properties) {
    if (property.type === 'RestElement' || property.computed) return undefined;
    const { key, shorthand: isShorthand } = property;
    const { start } = key;
    if (key.type === 'Identifier') names.push({ name: key.name, start, isShorthand });
    else if (key.type === 'Literal') names.push({ name: String(key.value), start, isShorthand });
  }
  return names;
}

function noteRecordUse(use: SurveyedNode, frame: Frame, page: OutlinedPage, found: FoundReads): void {
  const names = readNames(use, frame);
  const place = page.lines.at(use.node.start);
  if (names === undefined) found.open ??= place;
  for (const name of names ?? []) found.fields.push({ ...name, ...place });
}

/** The members of REQUEST and of its URL that tell nothing of fields. */
const WITHOUT_FIELDS: ReadonlySet<string> = new Set(['method', 'path', 'headers', 'cookies', 'ip', 'signal']);
const WITHOUT_QUERY: ReadonlySet<string> = new Set([
  'pathname',
  'origin',
  'host',
  'hostname',
  'port',
  'protocol',
  'hash',
]);

function noteRequestUse(use: SurveyedNode, frame: Frame, page: OutlinedPage, found: FoundReads): void {
  const [member] = readNames(use, frame) ?? [];
  if (member !== undefined && WITHOUT_FIELDS.has(member.name)) return;
  const url = member?.name === 'url' ? use.parent : undefined;
  const [part] = (url && readNames(url, frame)) ?? [];
  if (part !== undefined && WITHOUT_QUERY.has(part.name)) return;
  const call = part?.name === 'searchParams' ? url?.parent?.parent?.parent?.node : undefined;
  const [argument] = call?.type === 'CallExpression' ? call.arguments : [];
  const names = argument && writtenNames(argument, frame);
  const place = page.lines.at(use.node.start);
  if (names === undefined) found.open ??= place;
  for (const name of names ?? []) found.fields.push({ ...name, ...place });
}

/** The expressions that give the targets of a call of redirect: its path, and the paths in its options. */
function redirectTargets(call: CallExpression): AnyNode[] {
  const [target] = call.arguments;
  const options = call.arguments.at(-1);
  const known = options?.type === 'ObjectExpression' ? options : undefined;
  if (target === undefined || optionOf('external', known) !== undefined) return [];
  const others = ['fallback', 'keep_form'].flatMap((name) => optionOf(name, known) ?? []);
  return [target, ...others.filter(isText)];
}

function optionOf(name: string, options: ObjectExpression | undefined): AnyNode | undefined {
  for (const property of options?.properties ?? [])
    if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === name)
      return property.value;
  return undefined;
}

function isText(node: AnyNode): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

/** The expressions that give the targets of `form.retry(path)`. */
function retryTargets(forms: readonly CallExpression[], page: OutlinedPage): AnyNode[] {
  return usesOfForms(forms, page).flatMap(({ node, parent }) => {
    const member = parent?.node;
    const call = parent?.parent?.node;
    if (member?.type !== 'MemberExpression' || member.object !== node) return [];
    if (member.property.type !== 'Identifier' || member.property.name !== 'retry') return [];
    return call?.type === 'CallExpression' && call.callee === member ? call.arguments.slice(0, 1) : [];
  });
}

function redirectFact(target: AnyNode, frame: Frame, page: OutlinedPage): RedirectFact {
  const { start } = target;
  return { texts: textsOf(evaluate(target, frame)), start, ...page.lines.at(start) };
}

function isComputed({ arguments: [path] }: CallExpression): boolean {
  return !(path?.type === 'Literal' && typeof path.value === 'string');
}
