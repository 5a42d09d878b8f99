// Abstract interpretation of a page: carries the escaping context through its control flow. The result says which context each
// text and output has, and which code the emitter must add so that it holds at run time (README.md, *The page language*). The
// model is Go's html/template. There, templates call each other by name; here, code may be called from anywhere, so a function
// that prints checks the context of its call when it begins.

import type { Program } from 'acorn';
import { TEXT } from '../../../escaping/context.ts';
import { mayEndHere } from '../../../escaping/transition.ts';
import type { PageKind } from '../../page-kind.ts';
import { FieldTags } from '../field-attributes.ts';
import { interpretExpression } from './flow-expressions.ts';
import { checkFunctionUses } from './flow-functions.ts';
import { FlowNotes } from './flow-notes.ts';
import { FlowProblems } from './flow-problems.ts';
import { isElementText } from './flow-state.ts';
import { interpretStatement, interpretStatements } from './flow-statements.ts';
import type { FlowFrame, Interpreter } from './interpreter.ts';
import { type OutputNodeSource, type OutputNodes, outputNodesOf, strayText } from './output-nodes.ts';

/** A page in the forms that the analysis needs. */
export interface FlowSubject extends OutputNodeSource {
  readonly source: string;
  readonly file: string;
  readonly kind: PageKind;
  readonly tree: Program;
}

/** The result of the analysis. */
export interface Flow {
  readonly notes: FlowNotes;
  readonly nodes: OutputNodes;
  /** Line and column of an offset in the page. */
  readonly at: (offset: number) => { line: number; column: number };
  /** Whether an included page may print while the page runs other code. */
  readonly floats: boolean;
}

/** @throws Problem for a context that is ambiguous or unsafe */
export function analyseFlow(subject: FlowSubject, names: OutputNodes['names'], floats: boolean): Flow {
  const problems = new FlowProblems(subject.source, subject.file);
  const interpreter: Interpreter = {
    kind: subject.kind,
    nodes: outputNodesOf(subject, names),
    notes: new FlowNotes(),
    problems,
    fieldTags: new FieldTags(subject.source, subject.segments),
    loops: new Map(),
    statement: (node, state, frame) => interpretStatement(interpreter, node, state, frame),
    statements: (nodes, state, frame) => interpretStatements(interpreter, nodes, state, frame),
    expression: (node, context, frame) => interpretExpression(interpreter, node, context, frame),
  };
  const stray = strayText(interpreter.nodes);
  if (stray !== undefined) throw problems.textInClass(problems.offsetIn(stray, stray.value.search(/\S|$/)));
  const end = interpreter.statements(
    subject.tree.body,
    { context: TEXT, tracked: TEXT, opened: undefined },
    PAGE,
  );
  if (end !== undefined && !(mayEndHere(end.context) && isElementText(end.context)))
    throw problems.problem('page-ends-inside', problems.openingOf(end.opened) ?? subject.source.length, {
      place: problems.described(end),
    });
  checkFunctionUses(interpreter);
  return { notes: interpreter.notes, nodes: interpreter.nodes, at: (offset) => problems.at(offset), floats };
}

const PAGE: FlowFrame = {
  kind: 'page',
  entry: TEXT,
  exits: [],
  guards: [],
  jumpTargets: [],
  finallyBlocks: [],
  labels: [],
  isDeferred: false,
};
