// Tree → facts. One fact a file; here they are put together.

import type { CallExpression, Program } from 'acorn';
import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Overlay } from '../1-scan/overlay.ts';
import type { Segment } from '../1-scan/segments.ts';
import type { PageFacts, ParamFact, SourcePlace } from '../facts.ts';
import { Scopes, type Use } from '../scopes.ts';
import { asksMethod } from './asks-method.ts';
import type { PrintingName } from './flow/emits.ts';
import { type Flow, flow } from './flow/index.ts';
import { flushes } from './flushes.ts';
import { literalIncludes } from './includes.ts';
import { type Printing, printing } from './printing.ts';
import { sessionNeed } from './session-need.ts';
import { checkShape } from './shape.ts';
import { type Survey, survey } from './survey.ts';
import { warningsOf } from './warnings.ts';

/** What a page says of itself, whether or not it may run. */
export interface PageNames {
  readonly facts: Omit<PageFacts, 'imports'>;
  /** The names that the page uses and does not declare. */
  readonly free: ReadonlyMap<string, readonly Use[]>;
  readonly returns: Survey['returns'];
}

/** What the emitter needs to know beside the facts. */
export interface Analysis extends PageNames {
  readonly found: Survey;
  readonly scopes: Scopes;
  readonly printing: Printing;
  readonly flow: Flow;
  /** Whether the page may send what it has printed before it ends. */
  readonly flushes: boolean;
  /** Whether an include may still run when the page has ended. */
  readonly floats: boolean;
}

/** What is looked at: a page in every form that it has so far. */
export interface Subject {
  readonly source: string;
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly tree: Program;
}

/** @throws Problem for what a page may not do */
export function analyse(subject: Subject): Analysis {
  const { source, file, segments, tree } = subject;
  const lines = new Lines(source);
  const found = survey(tree);
  const scopes = new Scopes(tree);
  checkShape(segments, found, file, lines);
  const names = pageNames(found, scopes, lines);
  checkAssignments(names.free, file, lines);
  const uses = (name: string) => names.free.get(name) ?? [];
  const floats = hasFloatingInclude(uses('Include'), found);
  const flushing = flushes(uses('RESPONSE'), found);
  const printed = segments.filter(
    (segment) => segment.kind !== 'text' || subject.overlay.printed.has(segment),
  );
  const flowing = flow({ ...subject, found, scopes }, printingNames(names.free, flushing), floats);
  const warnings = warningsOf(
    { source, file, segments, found, free: names.free, emits: flowing.emits },
    lines,
  );
  return {
    ...names,
    found,
    scopes,
    facts: { ...names.facts, warnings },
    flow: flowing,
    printing: printing(
      [...uses('print'), ...uses('Include'), ...uses('Section'), ...flushing],
      printed,
      found,
      floats,
    ),
    flushes: flushing.length > 0,
    floats: uses('Include').some(({ start }) => mayFloat(start, found)),
  };
}

/** What types are checked of: also of a page that the compiler refuses, so that both tell what they find. */
export function namesOf({ source, tree }: Pick<Subject, 'source' | 'tree'>): PageNames {
  return pageNames(survey(tree), new Scopes(tree), new Lines(source));
}

function pageNames(found: Survey, scopes: Scopes, lines: Lines): PageNames {
  const free = scopes.freeNames();
  const uses = (name: string) => free.get(name) ?? [];
  const facts = {
    async: found.awaits,
    session: sessionNeed(uses('Session'), found),
    asks_method: asksMethod(uses('REQUEST'), found),
    fields: [...free.keys()]
      .filter((name) => name.length > 1 && name.startsWith('_'))
      .map((name) => name.slice(1)),
    includes: literalIncludes(uses('Include'), found, lines),
    layouts: literalIncludes(uses('Layout'), found, lines),
    content: firstPlace(uses('CONTENT'), lines),
    section: firstPlace(uses('SECTION'), lines),
    params: paramFacts(uses('PARAMS'), found, lines),
    warnings: [],
  };
  return { facts, free, returns: found.returns };
}

/** Where the names stand that print markup, wrap what does, or send it. */
function printingNames(free: Analysis['free'], flushing: readonly Use[]): Map<number, PrintingName> {
  const names = ['print', 'Include', 'Section', 'html'] as const;
  const named = names.flatMap((name) => (free.get(name) ?? []).map((use) => [use.start, name] as const));
  return new Map([...named, ...flushing.map((use) => [use.start, 'flush'] as const)]);
}

/** Whether an included page may print when the page that includes it has gone on. */
function hasFloatingInclude(uses: readonly Use[], found: Survey): boolean {
  return found.awaits && uses.some(({ start }) => !isAwaited(found.calls.get(start), found));
}

/** A call that is not awaited, or whose function may not be. */
function mayFloat(start: number, found: Survey): boolean {
  return (
    !isAwaited(found.calls.get(start), found) ||
    found.functions.some((node) => node.start < start && start < node.end)
  );
}

function isAwaited(call: CallExpression | undefined, { awaited }: Survey): boolean {
  return call !== undefined && awaited.has(call);
}

/** `PARAMS.id` */
function paramFacts(uses: readonly Use[], { members }: Survey, lines: Lines): ParamFact[] {
  return uses.flatMap(({ start }) => {
    const name = members.get(start);
    return name === undefined ? [] : [{ name, ...lines.at(start) }];
  });
}

function firstPlace([first]: readonly Use[], lines: Lines): SourcePlace | undefined {
  return first && lines.at(first.start);
}

/** The engine's names cannot be assigned; `_fields` are ordinary variables. */
function checkAssignments(free: ReadonlyMap<string, readonly Use[]>, file: string, lines: Lines): void {
  for (const name of PAGE_NAMES) {
    const assigned = free.get(name)?.find((use) => use.assigned);
    if (assigned !== undefined)
      throw new Problem('assigned-name', { file, ...lines.at(assigned.start), params: { name } });
  }
}

/** What the engine gives to every page (contract section 6). */
export const PAGE_NAMES = [
  'QUERY',
  'FILES',
  'PARAMS',
  'REQUEST',
  'RESPONSE',
  'CONFIG',
  'ARGS',
  'Session',
  'print',
  'html',
  'raw',
  'escape',
  'safe',
  'Form',
  'Include',
  'Layout',
  'Section',
  'CONTENT',
  'SECTION',
  'redirect',
  'HttpError',
] as const;
