// The third phase of the compiler: syntax tree → facts. Each fact has its file; `analyse` puts them together.

import type { CallExpression, Program } from 'acorn';
import { Lines } from '../../diagnostics/position.ts';
import type { Overlay } from '../1-scan/overlay.ts';
import type { Segment } from '../1-scan/segments.ts';
import type { PageName } from '../page-name-table.ts';
import { Scopes, type Use } from '../scopes.ts';
import { analyseFlow, type Flow } from './flow/index.ts';
import type { PrintingName } from './flow/output-nodes.ts';
import { type FreeNames, flushingUses, type PageNameFacts, pageNameFacts, usesOf } from './page-facts.ts';
import { checkAssignments, checkBodies, checkExports } from './page-rules.ts';
import { findPrinting, type Printing } from './printing.ts';
import { type Survey, surveyTree } from './survey.ts';
import { warningsOf } from './warnings.ts';

/** The facts of a page and all else that the emitter needs. */
export interface Analysis extends PageNameFacts {
  readonly survey: Survey;
  readonly scopes: Scopes;
  readonly printing: Printing;
  readonly flow: Flow;
  /** Whether the page may send a part of its output before it ends. */
  readonly flushes: boolean;
  /** Whether an include may still run when the page has ended. */
  readonly floats: boolean;
}

/** A page in the forms that the first two phases give. */
export interface AnalysisInput {
  readonly source: string;
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly tree: Program;
}

/** @throws Problem for a page that breaks a rule of pages or of escaping */
export function analyse(input: AnalysisInput): Analysis {
  const { source, file, segments, overlay, tree } = input;
  const lines = new Lines(source);
  const survey = surveyTree(tree);
  const scopes = new Scopes(tree);
  checkBodies(segments, survey, file, lines);
  checkExports(survey, file, lines);
  const names = pageNameFacts(survey, scopes, lines);
  const { free } = names;
  checkAssignments(free, file, lines);
  const includes = usesOf('Include', free);
  const flushing = flushingUses(free, survey);
  const floats = hasUnawaitedInclude(includes, survey);
  const flowing = analyseFlow({ ...input, survey, scopes }, printingNames(free, flushing), floats);
  const warnings = warningsOf({ source, file, segments, survey, free, nodes: flowing.nodes }, lines);
  const printed = segments.filter((segment) => segment.kind !== 'text' || overlay.printed.has(segment));
  const printingUses = [...usesOf('print', free), ...includes, ...usesOf('Section', free), ...flushing];
  return {
    ...names,
    survey,
    scopes,
    facts: { ...names.facts, warnings },
    flow: flowing,
    printing: findPrinting(printingUses, printed, survey, floats),
    flushes: flushing.length > 0,
    floats: includes.some(({ start }) => mayFloat(start, survey)),
  };
}

/** The facts that types are checked with, also of a page that `analyse` refuses. */
export function namesOf({ source, tree }: Pick<AnalysisInput, 'source' | 'tree'>): PageNameFacts {
  return pageNameFacts(surveyTree(tree), new Scopes(tree), new Lines(source));
}

/** The page names that print markup, take functions that do, or give markup. */
const PRINTING = ['print', 'Include', 'Section', 'html'] as const satisfies readonly PageName[];

/** The uses of names that the flow analysis must see, by the offset of the identifier. */
function printingNames(free: FreeNames, flushing: readonly Use[]): Map<number, PrintingName> {
  const named = PRINTING.flatMap((name) => usesOf(name, free).map((use) => [use.start, name] as const));
  return new Map([...named, ...flushing.map((use) => [use.start, 'flush'] as const)]);
}

/** Whether an included page may print while the page that includes it runs other code. */
function hasUnawaitedInclude(uses: readonly Use[], survey: Survey): boolean {
  return survey.awaits && uses.some(({ start }) => !isAwaited(survey.calls.get(start), survey));
}

/** Whether a call is not awaited, or stands in a function whose own call may not be. */
function mayFloat(start: number, survey: Survey): boolean {
  return (
    !isAwaited(survey.calls.get(start), survey) ||
    survey.functions.some((node) => node.start < start && start < node.end)
  );
}

function isAwaited(call: CallExpression | undefined, { awaited }: Survey): boolean {
  return call !== undefined && awaited.has(call);
}
