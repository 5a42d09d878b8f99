// The facts of a page that follow from its uses of page names. They hold for every page that parses, also for one that
// the compiler refuses.

import type { Node } from 'acorn';
import type { Lines } from '../../diagnostics/position.ts';
import type { PageRequest, PageResponse } from '../../runtime/page-types.ts';
import type { IncludeFact, PageFacts, ParamFact, SourcePlace } from '../facts.ts';
import type { PageKind } from '../page-kind.ts';
import type { Scopes, Use } from '../scopes.ts';
import { type FreeNames, usesOf } from './free-names.ts';
import { sessionNeed } from './session-need.ts';
import type { Survey } from './survey.ts';

/** A page's free names and the facts that follow from them. */
export interface PageNameFacts {
  readonly facts: Omit<PageFacts, 'imports'>;
  /** The names that the page uses and does not declare. */
  readonly free: FreeNames;
  readonly returns: Survey['returns'];
  /** The calls of Form with their schemas. */
  readonly schemas: readonly SchemaCall[];
}

/** A call of Form: its offset, and its first argument. */
interface SchemaCall {
  readonly start: number;
  readonly argument: Node;
}

export function pageNameFacts(survey: Survey, scopes: Scopes, lines: Lines, kind: PageKind): PageNameFacts {
  const free = scopes.freeNames();
  const facts = {
    kind,
    async: survey.awaits,
    session: sessionNeed(free, survey),
    asks_method: usesOf('REQUEST', free).some((use) => mayReadMethod(use, survey)),
    has_form: free.has('Form'),
    fields: [...free.keys()].filter(isFieldName).map((name) => name.slice(1)),
    includes: literalIncludes(usesOf('Include', free), survey, lines),
    layouts: literalIncludes(usesOf('Layout', free), survey, lines),
    renders: literalIncludes(usesOf('Render', free), survey, lines),
    content: firstPlace(usesOf('CONTENT', free), lines),
    section: firstPlace(usesOf('SECTION', free), lines),
    params: paramFacts(usesOf('PARAMS', free), survey, lines),
    passwords: [],
    once: firstPlace(usesOf('Once', free), lines),
    post_forms: [],
    warnings: [],
  };
  return { facts, free, returns: survey.returns, schemas: schemaCalls(usesOf('Form', free), survey) };
}

function schemaCalls(uses: readonly Use[], { calls }: Survey): SchemaCall[] {
  return uses.flatMap(({ start }) => {
    const argument = calls.get(start)?.arguments[0];
    return argument === undefined || argument.type === 'SpreadElement' ? [] : [{ start, argument }];
  });
}

/** A `_name` that stands for a form field; `_` alone is an ordinary variable. */
function isFieldName(name: string): boolean {
  return name.length > 1 && name.startsWith('_');
}

/** The members of REQUEST that do not depend on the method. */
const WITHOUT_METHOD: ReadonlySet<string> = new Set<keyof PageRequest>([
  'url',
  'path',
  'headers',
  'cookies',
  'ip',
  'body',
  'json',
  'signal',
]);

/** Whether a use of REQUEST reads its method or passes REQUEST on. */
function mayReadMethod({ start }: Use, { members }: Survey): boolean {
  return !WITHOUT_METHOD.has(members.get(start) ?? '');
}

/** The members of RESPONSE that leave the printed output alone. */
const WITHOUT_FLUSH: ReadonlySet<string> = new Set<keyof PageResponse>([
  'status',
  'headers',
  'setCookie',
  'deleteCookie',
  'send',
  'json',
]);

/**
 * The uses of RESPONSE that may send the output so far: its flush(), and every use that passes
 * RESPONSE on.
 */
export function flushingUses(free: FreeNames, { members }: Survey): Use[] {
  return usesOf('RESPONSE', free).filter(({ start }) => !WITHOUT_FLUSH.has(members.get(start) ?? ''));
}

/** The pages that a page names by a literal path in Include, Layout or Render. */
function literalIncludes(uses: readonly Use[], survey: Survey, lines: Lines): IncludeFact[] {
  return uses.flatMap(({ start }) => {
    const call = survey.calls.get(start);
    const path = call?.arguments[0];
    if (call === undefined || path?.type !== 'Literal' || typeof path.value !== 'string') return [];
    const children = call.arguments.at(-1);
    const isAsync =
      (children?.type === 'ArrowFunctionExpression' || children?.type === 'FunctionExpression') &&
      children.async;
    const awaited = survey.awaited.has(call);
    return [{ path: path.value, start, awaited, async_children: isAsync, ...lines.at(start) }];
  });
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
