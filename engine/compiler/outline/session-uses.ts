// The session attributes that a page reads and writes. A session that is handed to other code makes the page open: that code may
// read and write more.

import type { AnyNode, CallExpression, Property } from 'acorn';
import type { SurveyedNode } from '../3-analyse/survey.ts';
import type { SourcePlace } from '../facts.ts';
import { evaluate, type Frame } from './evaluate-expression.ts';
import { frameWithLoops } from './loop-values.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { callsOf, readNames, type WrittenName, writtenNames } from './page-reads.ts';
import { memberOf } from './possible-value.ts';

/** A use of a session attribute. */
export interface AttributeUse extends WrittenName, SourcePlace {
  readonly kind: 'read' | 'write';
  /** The type of a written value where the source tells it. */
  readonly type: string | undefined;
}

/** The session of a page. */
export interface SessionUses {
  readonly attributes: readonly AttributeUse[];
  /** The first place where other code gets the session, or where the name of an attribute is computed. */
  readonly open: SourcePlace | undefined;
  /** Whether the page may change the session in a request that is not a POST. */
  readonly changesOnGet: boolean;
}

const METHODS: ReadonlySet<string> = new Set([
  'get',
  'has',
  'set',
  'flash',
  'update',
  'save',
  'close',
  'regenerate',
]);
/** The names of a session that are no attributes. */
export const MEMBERS: ReadonlySet<string> = new Set([
  'remember',
  'cookie',
  'id',
  'is_new',
  'created',
  'expires',
  ...METHODS,
]);
const CHANGING: ReadonlySet<string> = new Set(['set', 'update', 'close', 'regenerate']);

interface Found {
  readonly page: OutlinedPage;
  readonly frame: Frame;
  readonly attributes: AttributeUse[];
  open: SourcePlace | undefined;
  changesOnGet: boolean;
}

/** The session attributes that a page's own code uses. */
export function sessionUses(page: OutlinedPage, imported: Frame['imported']): SessionUses {
  const frame = frameWithLoops(page, imported);
  const found: Found = { page, frame, attributes: [], open: undefined, changesOnGet: false };
  const calls = new Set<AnyNode>(callsOf('Session', page));
  if (calls.size > 0)
    for (const placed of page.survey.nodes) if (calls.has(placed.node)) noteSession(placed, found);
  for (const call of callsOf('redirect', page)) noteFlash(call, found);
  const { attributes, open, changesOnGet } = found;
  return { attributes, open, changesOnGet };
}

/** Notes the uses of an expression that gives the session. */
function noteSession(placed: SurveyedNode, found: Found): void {
  const parent = placed.parent?.node;
  if (parent?.type === 'ExpressionStatement') return;
  if (parent?.type === 'VariableDeclarator' && parent.init === placed.node && parent.id.type === 'Identifier')
    noteVariable(parent.id.start, found);
  else noteUse(placed, found);
}

/** Notes the uses of a variable that holds the session. */
function noteVariable(at: number, found: Found): void {
  const { declared, survey } = found.page;
  for (const placed of survey.nodes)
    if (
      placed.node.type === 'Identifier' &&
      placed.node.start !== at &&
      declared.get(placed.node.start)?.at === at
    )
      noteUse(placed, found);
}

function noteUse(use: SurveyedNode, found: Found): void {
  const names = readNames(use, found.frame);
  const member = use.parent;
  const isDeleted =
    member?.parent?.node.type === 'UnaryExpression' && member.parent.node.operator === 'delete';
  if (isDeleted) {
    noteChange(use, found);
    return;
  }
  if (names === undefined || member === undefined) {
    noteOpen(use.node, found);
    return;
  }
  for (const name of names) {
    if (MEMBERS.has(name.name)) noteMember(name.name, member, found);
    else noteAttribute(name, member, use, found);
  }
}

function noteOpen({ start }: AnyNode, found: Found): void {
  found.open ??= found.page.lines.at(start);
}

function noteAttribute(name: WrittenName, member: SurveyedNode, use: SurveyedNode, found: Found): void {
  const around = member.parent?.node;
  const isAssigned = around?.type === 'AssignmentExpression' && around.left === member.node;
  const isUpdated = around?.type === 'UpdateExpression' || (isAssigned && around.operator !== '=');
  const isWritten = isAssigned || isUpdated || isTarget(member);
  const note = (kind: AttributeUse['kind'], type?: string) =>
    found.attributes.push({ ...name, kind, type, ...found.page.lines.at(use.node.start) });
  if (!isWritten || isUpdated) note('read');
  if (!isWritten) return;
  note('write', isAssigned && !isUpdated ? typeOf(around.right, found.frame) : undefined);
  noteChange(use, found);
}

/** Whether a pattern or the head of a loop writes a member: `[s.a, s.b = 1] = …`, `for (s.a of …)`. */
function isTarget({ node, parent }: SurveyedNode): boolean {
  const around = parent?.node;
  switch (around?.type) {
    case 'ArrayPattern':
    case 'RestElement':
      return true;
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return around.left === node;
    case 'Property':
      return around.value === node && parent?.parent?.node.type === 'ObjectPattern';
    default:
      return false;
  }
}

function noteMember(name: string, member: SurveyedNode, found: Found): void {
  if (!METHODS.has(name)) return;
  const call = member.parent?.node;
  if (call?.type !== 'CallExpression' || call.callee !== member.node) {
    noteOpen(member.node, found);
    return;
  }
  const [first, second] = call.arguments;
  const isWrite = name === 'set' || (name === 'flash' && second !== undefined);
  if (CHANGING.has(name) || isWrite) noteChange(member, found);
  if (name === 'update') noteUpdate(first, found);
  if (
    first === undefined ||
    name === 'update' ||
    name === 'save' ||
    name === 'close' ||
    name === 'regenerate'
  )
    return;
  const keys = writtenNames(first, found.frame);
  if (keys === undefined) noteOpen(first, found);
  const type = isWrite && second ? typeOf(second, found.frame) : undefined;
  for (const key of keys ?? [])
    found.attributes.push({
      ...key,
      kind: isWrite ? 'write' : 'read',
      type,
      ...found.page.lines.at(member.node.start),
    });
}

/** `s.update((d) => { … })`: the parameter stands for the session. */
function noteUpdate(change: AnyNode | undefined, found: Found): void {
  const param = change !== undefined && 'params' in change ? change.params[0] : undefined;
  if (param?.type === 'Identifier') noteVariable(param.start, found);
  else if (change !== undefined) noteOpen(change, found);
}

/** `redirect(url, { flash: { notice } })` writes the session attribute `notice`. */
function noteFlash(call: CallExpression, found: Found): void {
  for (const argument of call.arguments.slice(1)) {
    for (const options of evaluate(argument, found.frame) ?? [undefined]) {
      if (options?.kind === 'primitive') continue;
      const flash = options === undefined ? undefined : memberOf([options], 'flash');
      if (flash === undefined) noteOpen(argument, found);
      for (const values of flash ?? []) {
        if (values.kind !== 'object') continue;
        if (values.isOpen) noteOpen(argument, found);
        for (const name of values.members.keys()) {
          const written = flashName(argument, name) ?? { name, start: argument.start, isShorthand: false };
          const place = found.page.lines.at(call.start);
          found.attributes.push({ ...written, kind: 'write', type: undefined, ...place });
        }
      }
    }
  }
}

/** The key of a flash value that is written in the call itself. */
function flashName(options: AnyNode, name: string): WrittenName | undefined {
  const flash = propertyNamed(options, 'flash')?.value;
  const property = flash && propertyNamed(flash, name);
  return property && { name, start: property.key.start, isShorthand: property.shorthand };
}

function propertyNamed(object: AnyNode, name: string): Property | undefined {
  const properties = object.type === 'ObjectExpression' ? object.properties : [];
  return properties.find((each): each is Property => {
    if (each.type !== 'Property' || each.computed) return false;
    const { key } = each;
    return key.type === 'Identifier' ? key.name === name : key.type === 'Literal' && key.value === name;
  });
}

function noteChange(use: SurveyedNode, found: Found): void {
  found.changesOnGet ||= !isGuarded(use, found.page);
}

const IS_POST = /REQUEST\.method\s*===?\s*['"](?:POST|PUT|PATCH|DELETE)['"]/;
const IS_NOT_POST = /REQUEST\.method\s*!==?\s*['"](?:POST|PUT|PATCH|DELETE)['"]/;

/** Whether code runs only for a request with another method than GET. */
function isGuarded(use: SurveyedNode, page: OutlinedPage): boolean {
  const text = (node: AnyNode) => page.source.slice(node.start, node.end);
  let below: AnyNode = use.node;
  for (let at = use.parent; at !== undefined; at = at.parent) {
    const { node } = at;
    if (node.type === 'IfStatement' && node.consequent === below && IS_POST.test(text(node.test)))
      return true;
    below = node;
  }
  return page.tree.body.some(
    (statement) =>
      statement.type === 'IfStatement' &&
      statement.end <= use.node.start &&
      !page.printing.has(statement) &&
      IS_NOT_POST.test(text(statement.test)),
  );
}

/** The type of a value that the source spells out. */
function typeOf(node: AnyNode, frame: Frame): string | undefined {
  const types = new Set(
    evaluate(node, frame)?.map((value) => {
      if (value.kind !== 'primitive') return value.kind;
      return value.value === null || value.value === undefined ? undefined : typeof value.value;
    }),
  );
  const [only] = types;
  return types.size === 1 ? only : undefined;
}
