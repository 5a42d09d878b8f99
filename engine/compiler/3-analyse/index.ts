// The third phase of the compiler: syntax tree → facts. Each fact has its file; `analyse` puts them together.

import type { CallExpression, Program } from 'acorn';
import type { Overlay } from '../1-scan/overlay.ts';
import type { Segment } from '../1-scan/segments.ts';
import type { PageKind } from '../page-kind.ts';
import type { PageName } from '../page-name-table.ts';
import type { Use } from '../scopes.ts';
import { analyseFlow, type Flow } from './flow/index.ts';
import type { PrintingName } from './flow/output-nodes.ts';
import { type FormTags, formTagsOf } from './form-tags.ts';
import { type FreeNames, usesOf } from './free-names.ts';
import { checkGuard } from './guard-rules.ts';
import { flushingUses } from './page-facts.ts';
import { checkAssignments, checkBodies, checkExports, checkOnce, checkTextNames } from './page-rules.ts';
import { passwordFields } from './password-fields.ts';
import { findPrinting, type Printing } from './printing.ts';
import type { ResolvedNames } from './resolved-names.ts';
import type { Survey } from './survey.ts';
import { warningsOf } from './warnings.ts';

/** The facts of a page and all else that the emitter needs. */
export interface Analysis extends ResolvedNames {
  readonly printing: Printing;
  readonly flow: Flow;
  /** The places where forms may need a token. */
  readonly forms: FormTags['marks'];
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
  readonly names: ResolvedNames;
  /** Whether the page is a guard, a `_before.pih`. */
  readonly isGuard?: boolean;
}

/** @throws Problem for a page that breaks a rule of pages or of escaping */
export function analyse(input: AnalysisInput, kind: PageKind): Analysis {
  const { source, file, segments, overlay, names } = input;
  const { lines, survey, scopes, free } = names;
  checkBodies(segments, survey, file, lines);
  checkExports(survey, file, lines);
  checkAssignments(free, file, lines);
  checkOnce(free, survey, file, lines);
  if (kind === 'text') checkTextNames(free, file, lines);
  if (input.isGuard === true) checkGuard({ source, file, segments, survey, free }, lines);
  const includes = usesOf('Include', free);
  const flushing = flushingUses(free, survey);
  const floats = hasUnawaitedInclude(includes, survey);
  const flowing = analyseFlow({ ...input, kind, survey, scopes }, printingNames(free, flushing), floats);
  const forms = formTagsOf(flowing.notes.texts);
  const warnings = warningsOf({ source, file, segments, survey, free, nodes: flowing.nodes }, lines);
  const printed = segments.filter((segment) => segment.kind !== 'text' || overlay.printed.has(segment));
  const printingUses = [...usesOf('print', free), ...includes, ...usesOf('Section', free), ...flushing];
  return {
    ...names,
    facts: {
      ...names.facts,
      passwords: passwordFields(source, segments, survey),
      post_forms: forms.facts,
      warnings,
    },
    forms: forms.marks,
    flow: flowing,
    printing: findPrinting(printingUses, printed, survey, floats),
    flushes: flushing.length > 0,
    floats: includes.some(({ start }) => mayFloat(start, survey)),
  };
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
