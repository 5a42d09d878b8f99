// The facts of a page that follow from its uses of page names. They hold for every page that parses, also for one that
// the compiler refuses.

import type { CallExpression, Property, SpreadElement } from 'acorn';
import type { Lines } from '../../diagnostics/position.ts';
import type { PageRequest, PageResponse, SessionNeed } from '../../runtime/page-types.ts';
import type { IncludeFact, PageFacts, ParamFact, SourcePlace } from '../facts.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES, type PageName } from '../page-name-table.ts';
import type { Scopes, Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** A page's free names and the facts that follow from them. */
export interface PageNameFacts {
  readonly facts: Omit<PageFacts, 'imports'>;
  /** The names that the page uses and does not declare. */
  readonly free: FreeNames;
  readonly returns: Survey['returns'];
}

/** The uses of every name that a source uses and does not declare. */
export type FreeNames = ReadonlyMap<string, readonly Use[]>;

export function usesOf(name: PageName, free: FreeNames): readonly Use[] {
  return free.get(name) ?? [];
}

export function pageNameFacts(survey: Survey, scopes: Scopes, lines: Lines): PageNameFacts {
  const free = scopes.freeNames();
  const facts = {
    async: survey.awaits,
    session: sessionNeed(free, survey),
    asks_method: usesOf('REQUEST', free).some((use) => mayReadMethod(use, survey)),
    fields: [...free.keys()].filter(isFieldName).map((name) => name.slice(1)),
    includes: literalIncludes(usesOf('Include', free), survey, lines),
    layouts: literalIncludes(usesOf('Layout', free), survey, lines),
    content: firstPlace(usesOf('CONTENT', free), lines),
    section: firstPlace(usesOf('SECTION', free), lines),
    params: paramFacts(usesOf('PARAMS', free), survey, lines),
    warnings: [],
  };
  return { facts, free, returns: survey.returns };
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
]);

/**
 * The uses of RESPONSE that may send the output so far: its flush(), and every use that passes
 * RESPONSE on.
 */
export function flushingUses(free: FreeNames, { members }: Survey): Use[] {
  return usesOf('RESPONSE', free).filter(({ start }) => !WITHOUT_FLUSH.has(members.get(start) ?? ''));
}

/** The strongest need of all uses. */
function sessionNeed(free: FreeNames, survey: Survey): SessionNeed {
  const needs = PAGE_NAMES.flatMap((name) => {
    const { session } = PAGE_NAME_TABLE[name];
    if (session === undefined) return [];
    return usesOf(name, free).map(
      ({ start }): SessionNeed =>
        session === 'unless-read-only' && isReadOnly(survey.calls.get(start)) ? 'read' : 'write',
    );
  });
  if (needs.length === 0) return 'none';
  return needs.includes('write') ? 'write' : 'read';
}

/** Whether a call passes an object literal with `read_only: true`. */
function isReadOnly(call: CallExpression | undefined): boolean {
  const options = call?.arguments[0];
  return options?.type === 'ObjectExpression' && options.properties.some(setsReadOnly);
}

function setsReadOnly(property: Property | SpreadElement): boolean {
  if (property.type !== 'Property' || propertyName(property) !== 'read_only') return false;
  return property.value.type === 'Literal' && property.value.value === true;
}

function propertyName({ computed, key }: Property): unknown {
  if (computed) return undefined;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? key.value : undefined;
}

/** The pages that a page names by a literal path in Include or Layout. */
function literalIncludes(uses: readonly Use[], survey: Survey, lines: Lines): IncludeFact[] {
  return uses.flatMap(({ start }) => {
    const call = survey.calls.get(start);
    const path = call?.arguments[0];
    if (call === undefined || path?.type !== 'Literal' || typeof path.value !== 'string') return [];
    const children = call.arguments.at(-1);
    const isAsync =
      (children?.type === 'ArrowFunctionExpression' || children?.type === 'FunctionExpression') &&
      children.async;
    return [
      { path: path.value, awaited: survey.awaited.has(call), async_children: isAsync, ...lines.at(start) },
    ];
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
