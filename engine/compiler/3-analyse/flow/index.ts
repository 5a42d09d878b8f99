// Carries the escaping context through a page's control flow (abstract interpretation over the syntax tree): which
// context each text and output has, and what the emitter must add so that it holds at run time. The rules are those of
// the contract's section 5; the model is Go's html/template, whose templates call each other by name: here code may be
// called from anywhere, so what cannot be known before is checked when a function that prints begins.

import type { Program } from 'acorn';
import { TEXT } from '../../../escaping/context.ts';
import { mayEndHere } from '../../../escaping/transition.ts';
import { expression } from './flow-expressions.ts';
import { checkMentions } from './flow-functions.ts';
import { Notes } from './flow-notes.ts';
import { FlowProblems } from './flow-problems.ts';
import { isElementText } from './flow-state.ts';
import { statement, statements } from './flow-statements.ts';
import type { Frame, Walk } from './interpreter.ts';
import { type EmitSource, type Emits, emitsOf, strayText } from './output-nodes.ts';

/** A page as the flow looks at it. */
export interface FlowSubject extends EmitSource {
  readonly source: string;
  readonly file: string;
  readonly tree: Program;
}

/** The flow's result. */
export interface Flow {
  readonly notes: Notes;
  readonly emits: Emits;
  /** Where functions and run-time checks stand in the page. */
  readonly at: (offset: number) => { line: number; column: number };
  /** An included page may print when the page has gone on. */
  readonly floats: boolean;
}

/** @throws Problem where a context cannot be right */
export function flow(subject: FlowSubject, names: Emits['names'], floats: boolean): Flow {
  const problems = new FlowProblems(subject.source, subject.file);
  const walk: Walk = {
    emits: emitsOf(subject, names),
    notes: new Notes(),
    problems,
    loops: new Map(),
    statement: (node, state, frame) => statement(walk, node, state, frame),
    statements: (nodes, state, frame) => statements(walk, nodes, state, frame),
    expression: (node, context, frame) => expression(walk, node, context, frame),
  };
  const stray = strayText(walk.emits);
  if (stray !== undefined) throw problems.textInClass(problems.offsetIn(stray, stray.value.search(/\S|$/)));
  const end = walk.statements(subject.tree.body, { context: TEXT, at: TEXT, opened: undefined }, PAGE);
  if (end !== undefined && !(mayEndHere(end.context) && isElementText(end.context)))
    throw problems.problem('page-ends-inside', problems.openingOf(end.opened) ?? subject.source.length, {
      place: problems.described(end),
    });
  checkMentions(walk);
  return { notes: walk.notes, emits: walk.emits, at: (offset) => problems.at(offset), floats };
}

const PAGE: Frame = {
  kind: 'page',
  entry: TEXT,
  exits: [],
  guards: [],
  targets: [],
  finishes: [],
  labels: [],
  isBound: false,
};
