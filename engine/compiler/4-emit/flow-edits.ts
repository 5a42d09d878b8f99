// What the flow adds to the page's own code: where it is before it runs, checks where functions that print begin and
// resume, marks and cuts around what may throw. One walk over the tree, so that edits at one offset nest rightly.

import type { AnyNode, Node, Program, TryStatement } from 'acorn';
import { afterTrivia } from '../2-parse/trivia.ts';
import type { Guard, Notes } from '../3-analyse/flow/flow-notes.ts';
import type { Flow } from '../3-analyse/flow/index.ts';
import { isFunction } from '../3-analyse/flow/output-nodes.ts';
import { childrenOf, isListed } from '../3-analyse/survey.ts';
import type { Edit } from './edits.ts';
import type { FlowCode } from './flow-code.ts';
import { identifierEdits } from './print-suffixes.ts';

/** What the walk needs. */
interface Walk {
  readonly erased: string;
  readonly notes: Notes;
  /** The nodes whose insides the flow has looked at. */
  readonly loud: ReadonlySet<Node>;
  readonly code: FlowCode;
  readonly edits: Edit[];
}

export function flowEdits(erased: string, tree: Program, flow: Flow, code: FlowCode): Edit[] {
  const walk: Walk = { erased, notes: flow.notes, loud: flow.emits.loud, code, edits: [] };
  for (const node of tree.body) visit(walk, node, tree);
  return walk.edits;
}

function visit(walk: Walk, node: AnyNode, parent: AnyNode): void {
  const [opening, closing] = STATEMENT.test(node.type) ? around(walk, node, parent) : wrapping(walk, node);
  add(walk, node.start, opening);
  if (node.type === 'Identifier') walk.edits.push(...identifierEdits(walk.notes, walk.code, node, parent));
  inside(walk, node, () => {
    if (!walk.loud.has(node)) return;
    for (const child of childrenOf(node)) if (!isShorthandKey(node, child)) visit(walk, child, node);
  });
  add(walk, node.end, closing);
}

const STATEMENT = /(?:Statement|Declaration)$/;

function add({ edits }: Walk, offset: number, text: string): void {
  if (text !== '') edits.push({ start: offset, end: offset, text });
}

/** Key and value of a shorthand property are at one offset. */
function isShorthandKey(node: AnyNode, child: Node): boolean {
  return node.type === 'Property' && node.shorthand && child === node.key && child !== node.value;
}

/** What goes before and behind a statement, in braces where it has no list to stand in. */
function around(walk: Walk, node: AnyNode, parent: AnyNode): [string, string] {
  if (parent.type === 'LabeledStatement') return ['', ''];
  const isBody = parent.type === 'ForOfStatement' && node.type !== 'BlockStatement' && node === parent.body;
  const before = (isBody ? statementsOf([resumeCheck(walk, parent)]) : '') + beforeStatement(walk, node);
  const behind = behindStatement(walk, node);
  if (before === '' && behind === '') return ['', ''];
  return isListed(parent) ? [before, behind] : [`{${before}`, `${behind}}`];
}

function beforeStatement(walk: Walk, node: AnyNode): string {
  if (node.type === 'LabeledStatement') return beforeStatement(walk, node.body);
  const { notes, code } = walk;
  const point = notes.points.get(node);
  const parts = [point === undefined ? '' : code.before(point)];
  if (node.type === 'TryStatement') parts.push(...marksOf(walk, node));
  if (node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression')
    parts.push(...printMarks(walk, node.expression.callee.start));
  const next = notes.returns.get(node);
  if (next !== undefined && !(node.type === 'ReturnStatement' && node.argument)) parts.push(code.setAt(next));
  return statementsOf(parts);
}

function statementsOf(parts: readonly string[]): string {
  return parts.map((part) => (part === '' ? '' : `${part};`)).join('');
}

function marksOf({ notes, code }: Walk, node: TryStatement): string[] {
  const note = notes.tries.get(node);
  const guards = [note?.block, note?.handler].filter((guard) => guard?.outside === true);
  return guards.map((guard) => (guard === undefined ? '' : `let ${code.mark(guard)}=-1`));
}

/** A `print` that leaves a guard's own context. */
function printMarks({ notes, code }: Walk, offset: number): string[] {
  const note = notes.prints.get(offset);
  if (note === undefined) return [];
  return code.crossed(note.context, note.after, note.guards).left.map((guard) => code.setMark(guard));
}

function behindStatement(walk: Walk, node: AnyNode): string {
  if (node.type === 'LabeledStatement') return behindStatement(walk, node.body);
  const resumed = resumeCheck(walk, node);
  const end = walk.notes.ends.get(node);
  const atEnd = end === undefined || node.type === 'BlockStatement' ? '' : walk.code.before(end);
  return behind([resumed, atEnd]);
}

/** Statements behind one that may have no semicolon. */
function behind(parts: readonly string[]): string {
  const code = statementsOf(parts);
  return code === '' ? '' : `;${code}`;
}

/** `for await` wakes up at every step. */
function resumeCheck({ notes, code }: Walk, node: AnyNode): string {
  const place = node.type === 'ForOfStatement' ? notes.resumes.get(node) : undefined;
  return place === undefined || !code.isTracked ? '' : code.check(place, node.start);
}

/** What goes around an expression. */
function wrapping(walk: Walk, node: AnyNode): [string, string] {
  const { notes, code } = walk;
  const point = notes.points.get(node);
  const before = point === undefined ? '' : code.before(point);
  if (before !== '') return [`${before},`, ''];
  const place = notes.resumes.get(node);
  if (place === undefined || !code.isTracked) return ['', ''];
  const { line, column } = code.position(node.start);
  return [`${code.names.resumed}(`, `,${code.number(place)},${line},${column})`];
}

/** What goes at the beginnings and ends of a node's parts. */
function inside(walk: Walk, node: AnyNode, children: () => void): void {
  if (walk.notes.functions.has(node)) aroundBody(walk, node, children);
  else if (node.type === 'TryStatement') aroundTry(walk, node, children);
  else if (node.type === 'ReturnStatement' && node.argument)
    aroundResult(walk, node, node.argument, children);
  else aroundStep(walk, node, children);
}

/** What a function gives is there before its caller's place is. */
function aroundResult(walk: Walk, node: Node, argument: Node, children: () => void): void {
  const next = walk.notes.returns.get(node);
  const set = next === undefined ? '' : walk.code.setAt(next);
  if (set !== '') add(walk, argument.start, `${walk.code.names.left}((`);
  children();
  if (set !== '') add(walk, argument.end, `),${set})`);
}

/** The beginning and end of a loop's body, the end of a block with a `finally`. */
function aroundStep(walk: Walk, node: AnyNode, children: () => void): void {
  if (node.type === 'ForOfStatement' && node.body.type === 'BlockStatement')
    add(walk, node.body.start + 1, statementsOf([resumeCheck(walk, node)]));
  children();
  const end = node.type === 'BlockStatement' ? walk.notes.ends.get(node) : undefined;
  if (end !== undefined) add(walk, node.end - 1, behind([walk.code.before(end)]));
}

/** A function that prints checks where it is called, and leaves no half of a tag behind when it throws. */
function aroundBody(walk: Walk, node: AnyNode, children: () => void): void {
  const { notes, code } = walk;
  const note = notes.functions.get(node);
  if (note === undefined) return;
  const check = code.check(note.entry, node.start);
  if (isFunction(node) && node.body.type !== 'BlockStatement') {
    add(walk, node.body.start, `(${check},`);
    children();
    add(walk, node.body.end, ')');
    return;
  }
  const start = isFunction(node) ? node.body.start : afterTrivia(walk.erased, node.start + 'static'.length);
  const [opening, closing] = protection(code, note.guard);
  add(walk, start + 1, `${check};${opening}`);
  children();
  add(walk, node.end - 1, (note.resets ? `;${code.setAt(note.entry)};` : '') + closing);
}

function protection(code: FlowCode, guard: Guard): [string, string] {
  if (!guard.outside) return ['', ''];
  return [`let ${code.mark(guard)}=-1;try{`, `}${rethrow(code, guard)}`];
}

function rethrow(code: FlowCode, guard: Guard): string {
  const { caught } = code.names;
  return `catch(${caught}){${code.cut(guard)}throw ${caught}}`;
}

function aroundTry(walk: Walk, node: TryStatement, children: () => void): void {
  const { code } = walk;
  const note = walk.notes.tries.get(node);
  if (note === undefined) return;
  const { block, handler, finishes } = note;
  const check = block.suspends && code.isTracked ? `${code.check(block.entry, node.start)};` : '';
  const isCut = block.outside && code.isTracked;
  if (node.handler) {
    const caught = check === '' || !isCut ? check : `if(${code.mark(block)}<0)${check}`;
    const opening = handler?.outside ? 'try{' : '';
    add(walk, node.handler.body.start + 1, caught + code.cut(block) + opening);
  } else if (finishes && block.outside) add(walk, node.block.end, rethrow(code, block));
  if (node.finalizer && finishes) add(walk, node.finalizer.start + 1, check);
  children();
  if (node.handler && handler?.outside) add(walk, node.handler.body.end - 1, `}${rethrow(code, handler)}`);
}
