// The edits that the flow needs in the page's own code: the tracked context is set before code runs, checked where
// functions that print begin and resume, and marks and rollbacks surround code that may throw. They are made by one
// walk over the tree, so that edits at one offset nest correctly.

import type { AnyNode, Node, Program, TryStatement } from 'acorn';
import { childNodes } from '../2-parse/syntax-nodes.ts';
import { afterTrivia } from '../2-parse/trivia.ts';
import type { FlowNotes, RollbackGuard } from '../3-analyse/flow/flow-notes.ts';
import type { Flow } from '../3-analyse/flow/index.ts';
import { isFunction } from '../3-analyse/flow/output-nodes.ts';
import { isStatementList } from '../3-analyse/survey.ts';
import type { Edit } from './edits.ts';
import type { FlowCode } from './flow-code.ts';
import { identifierEdits } from './print-suffixes.ts';

/** The state of the walk. */
interface FlowEmitter {
  readonly erased: string;
  readonly notes: FlowNotes;
  /** The nodes that the flow analysis has visited. */
  readonly affectsOutput: ReadonlySet<Node>;
  readonly code: FlowCode;
  readonly edits: Edit[];
}

export function flowEdits(erased: string, tree: Program, flow: Flow, code: FlowCode): Edit[] {
  const emitter: FlowEmitter = {
    erased,
    notes: flow.notes,
    affectsOutput: flow.nodes.affectsOutput,
    code,
    edits: [],
  };
  for (const node of tree.body) visit(emitter, node, tree);
  return emitter.edits;
}

function visit(emitter: FlowEmitter, node: AnyNode, parent: AnyNode): void {
  const [opening, closing] = STATEMENT.test(node.type)
    ? around(emitter, node, parent)
    : wrapping(emitter, node);
  add(emitter, node.start, opening);
  if (node.type === 'Identifier')
    emitter.edits.push(...identifierEdits(emitter.notes, emitter.code, node, parent));
  inside(emitter, node, () => {
    if (!emitter.affectsOutput.has(node)) return;
    for (const child of childNodes(node)) if (!isShorthandKey(node, child)) visit(emitter, child, node);
  });
  add(emitter, node.end, closing);
}

const STATEMENT = /(?:Statement|Declaration)$/;

function add({ edits }: FlowEmitter, offset: number, text: string): void {
  if (text !== '') edits.push({ start: offset, end: offset, text });
}

/** The key and the value of a shorthand property have the same offset, so that only one may be visited. */
function isShorthandKey(node: AnyNode, child: Node): boolean {
  return node.type === 'Property' && node.shorthand && child === node.key && child !== node.value;
}

/** The code before and behind a statement. It gets braces if the statement stands outside of a list of statements. */
function around(emitter: FlowEmitter, node: AnyNode, parent: AnyNode): [string, string] {
  if (parent.type === 'LabeledStatement') return ['', ''];
  const isBody = parent.type === 'ForOfStatement' && node.type !== 'BlockStatement' && node === parent.body;
  const before =
    (isBody ? statementsOf([resumeCheck(emitter, parent)]) : '') + beforeStatement(emitter, node);
  const behind = behindStatement(emitter, node);
  if (before === '' && behind === '') return ['', ''];
  return isStatementList(parent) ? [before, behind] : [`{${before}`, `${behind}}`];
}

function beforeStatement(emitter: FlowEmitter, node: AnyNode): string {
  if (node.type === 'LabeledStatement') return beforeStatement(emitter, node.body);
  const { notes, code } = emitter;
  const point = notes.codeBefore.get(node);
  const parts = [point === undefined ? '' : code.codeBefore(point)];
  if (node.type === 'TryStatement') parts.push(...marksOf(emitter, node));
  if (node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression')
    parts.push(...printMarks(emitter, node.expression.callee.start));
  const next = notes.jumpsBack.get(node);
  if (next !== undefined && !(node.type === 'ReturnStatement' && node.argument))
    parts.push(code.setTracked(next));
  return statementsOf(parts);
}

function statementsOf(parts: readonly string[]): string {
  return parts.map((part) => (part === '' ? '' : `${part};`)).join('');
}

function marksOf({ notes, code }: FlowEmitter, node: TryStatement): string[] {
  const note = notes.tries.get(node);
  const guards = [note?.block, note?.handler].filter((guard) => guard?.leavesEntry === true);
  return guards.map((guard) => (guard === undefined ? '' : `let ${code.mark(guard)}=-1`));
}

/** The marks for a `print` that leaves the entry context of a guard. */
function printMarks({ notes, code }: FlowEmitter, offset: number): string[] {
  const note = notes.prints.get(offset);
  if (note === undefined) return [];
  return code.crossedGuards(note.context, note.after, note.guards).left.map((guard) => code.setMark(guard));
}

function behindStatement(emitter: FlowEmitter, node: AnyNode): string {
  if (node.type === 'LabeledStatement') return behindStatement(emitter, node.body);
  const resumed = resumeCheck(emitter, node);
  const end = emitter.notes.codeAtEnd.get(node);
  const atEnd = end === undefined || node.type === 'BlockStatement' ? '' : emitter.code.codeBefore(end);
  return behind([resumed, atEnd]);
}

/** Statements behind a statement that may lack its semicolon. */
function behind(parts: readonly string[]): string {
  const code = statementsOf(parts);
  return code === '' ? '' : `;${code}`;
}

/** `for await` resumes at every step. */
function resumeCheck({ notes, code }: FlowEmitter, node: AnyNode): string {
  const key = node.type === 'ForOfStatement' ? notes.resumes.get(node) : undefined;
  return key === undefined || !code.isTracked ? '' : code.contextCheck(key, node.start);
}

/** The code around an expression. */
function wrapping(emitter: FlowEmitter, node: AnyNode): [string, string] {
  const { notes, code } = emitter;
  const point = notes.codeBefore.get(node);
  const before = point === undefined ? '' : code.codeBefore(point);
  if (before !== '') return [`${before},`, ''];
  const key = notes.resumes.get(node);
  if (key === undefined || !code.isTracked) return ['', ''];
  const { line, column } = code.position(node.start);
  return [`${code.names.resumed}(`, `,${code.contextNumber(key)},${line},${column})`];
}

/** Adds code at the beginnings and ends of a node's parts. */
function inside(emitter: FlowEmitter, node: AnyNode, children: () => void): void {
  if (emitter.notes.functions.has(node)) aroundBody(emitter, node, children);
  else if (node.type === 'TryStatement') aroundTry(emitter, node, children);
  else if (node.type === 'ReturnStatement' && node.argument)
    aroundResult(emitter, node, node.argument, children);
  else aroundStep(emitter, node, children);
}

/** The result of a function is evaluated before the tracked context becomes that of the caller. */
function aroundResult(emitter: FlowEmitter, node: Node, argument: Node, children: () => void): void {
  const next = emitter.notes.jumpsBack.get(node);
  const set = next === undefined ? '' : emitter.code.setTracked(next);
  if (set !== '') add(emitter, argument.start, `${emitter.code.names.returned}((`);
  children();
  if (set !== '') add(emitter, argument.end, `),${set})`);
}

/** Adds code at the beginning of a loop's body and at the end of a block with a `finally`. */
function aroundStep(emitter: FlowEmitter, node: AnyNode, children: () => void): void {
  if (node.type === 'ForOfStatement' && node.body.type === 'BlockStatement')
    add(emitter, node.body.start + 1, statementsOf([resumeCheck(emitter, node)]));
  children();
  const end = node.type === 'BlockStatement' ? emitter.notes.codeAtEnd.get(node) : undefined;
  if (end !== undefined) add(emitter, node.end - 1, behind([emitter.code.codeBefore(end)]));
}

/** Adds the check at the beginning of a function that prints, and the rollback for an exception that leaves it. */
function aroundBody(emitter: FlowEmitter, node: AnyNode, children: () => void): void {
  const { notes, code } = emitter;
  const note = notes.functions.get(node);
  if (note === undefined) return;
  const check = code.contextCheck(note.entry, node.start);
  if (isFunction(node) && node.body.type !== 'BlockStatement') {
    add(emitter, node.body.start, `(${check},`);
    children();
    add(emitter, node.body.end, ')');
    return;
  }
  const start = isFunction(node)
    ? node.body.start
    : afterTrivia(emitter.erased, node.start + 'static'.length);
  const [opening, closing] = protection(code, note.guard);
  add(emitter, start + 1, `${check};${opening}`);
  children();
  add(emitter, node.end - 1, (note.resets ? `;${code.setTracked(note.entry)};` : '') + closing);
}

function protection(code: FlowCode, guard: RollbackGuard): [string, string] {
  if (!guard.leavesEntry) return ['', ''];
  return [`let ${code.mark(guard)}=-1;try{`, `}${rethrow(code, guard)}`];
}

function rethrow(code: FlowCode, guard: RollbackGuard): string {
  const { caught } = code.names;
  return `catch(${caught}){${code.rollback(guard)}throw ${caught}}`;
}

function aroundTry(emitter: FlowEmitter, node: TryStatement, children: () => void): void {
  const { code } = emitter;
  const note = emitter.notes.tries.get(node);
  if (note === undefined) return;
  const { block, handler, finallyAffectsOutput } = note;
  const check = block.suspends && code.isTracked ? `${code.contextCheck(block.entry, node.start)};` : '';
  const isCut = block.leavesEntry && code.isTracked;
  if (node.handler) {
    const caught = check === '' || !isCut ? check : `if(${code.mark(block)}<0)${check}`;
    const opening = handler?.leavesEntry ? 'try{' : '';
    add(emitter, node.handler.body.start + 1, caught + code.rollback(block) + opening);
  } else if (finallyAffectsOutput && block.leavesEntry) add(emitter, node.block.end, rethrow(code, block));
  if (node.finalizer && finallyAffectsOutput) add(emitter, node.finalizer.start + 1, check);
  children();
  if (node.handler && handler?.leavesEntry)
    add(emitter, node.handler.body.end - 1, `}${rethrow(code, handler)}`);
}
