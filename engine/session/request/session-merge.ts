// Three-way merge of a session, attribute by attribute: the base (as this page last read or wrote it), the page's record, and the
// newest record of the store. For changes after save() or flush(), when other requests may have held the lock, and for stores that
// cannot lock. Two changes within one attribute cannot be merged: the page's change replaces the other one, and a warning names it.

import { encodeAttribute } from '../format/codec/encode-values.ts';
import { SessionBudget } from '../format/codec/session-budget.ts';
import { parsedRecord, serializedRecord } from '../format/serialized-store.ts';
import { emptyRecord, type SessionRecord } from '../format/session-record.ts';
import type { SessionState } from './session-state.ts';

/** The parts of a record in a form that `===` compares: as text, or the live value itself. */
export type MergeBase = Map<string, unknown>;

const SECTIONS = ['data', 'flash', 'forms'] as const;

/** The text before the name of a part in messages. */
const PREFIXES = { data: 's.', flash: 'flash ', forms: 'form ' } as const;

/** The base of a later merge. */
export function baseOf(record: SessionRecord, serialized: boolean): MergeBase {
  const base: MergeBase = new Map();
  const budget = serialized ? new SessionBudget() : undefined;
  for (const section of SECTIONS) {
    for (const key of Object.keys(record[section])) {
      const part = budget ? partText(record, section, key, budget) : record[section][key];
      base.set(`${section} ${key}`, part);
    }
  }
  base.set('remember', record.remember);
  base.set('cookie', JSON.stringify(record.cookie));
  return base;
}

/** Whether a page changed its record since the base was made. */
export function hasChanged(base: ReadonlyMap<string, unknown>, mine: SessionRecord): boolean {
  const now = baseOf(mine, true);
  if (now.size !== base.size) return true;
  for (const [part, value] of now) if (base.get(part) !== value) return true;
  return false;
}

/**
 * Copies the changes of `mine` since the base into `theirs`.
 * @returns the attributes that both have changed
 */
export function applyChanges(
  base: ReadonlyMap<string, unknown>,
  mine: SessionRecord,
  theirs: SessionRecord,
  serialized: boolean,
): string[] {
  const my = baseOf(mine, serialized);
  const their = baseOf(theirs, serialized);
  const conflicts: string[] = [];
  for (const part of new Set([...base.keys(), ...my.keys()])) {
    const before = base.get(part);
    const wanted = my.get(part);
    if (wanted === before) continue;
    const theirPart = their.get(part);
    if (theirPart !== before && theirPart !== wanted) conflicts.push(part.slice(part.indexOf(' ') + 1));
    copyPart(part, mine, theirs);
  }
  return conflicts;
}

/** Copies the newest record into the page's record, except for what the page has changed. The page's own objects stay. */
export function adoptNewest(state: SessionState, newest: SessionRecord): void {
  const { serialized } = state.context.store;
  const newestBase = baseOf(newest, serialized);
  if (!serialized || state.base === undefined) {
    state.record = newest;
    state.base = newestBase;
    return;
  }
  const my = baseOf(state.record, serialized);
  for (const part of new Set([...state.base.keys(), ...newestBase.keys()])) {
    const isUnchanged = my.get(part) === state.base.get(part);
    if (isUnchanged && newestBase.get(part) !== my.get(part)) copyPart(part, newest, state.record);
  }
  state.base = newestBase;
}

/** Before an assignment in memory, where it is visible at once: warns if it replaces another request's change since save(). */
export function noteOverwrite(state: SessionState, key: string, value: unknown): void {
  if (state.base === undefined || !state.stored || state.context.store.serialized) return;
  const { data } = state.record;
  if (key in data && state.base.get(`data ${key}`) !== data[key]) warnOfConflicts(state, [key]);
  state.base.set(`data ${key}`, value);
}

export function warnOfConflicts(state: SessionState, attributes: readonly string[]): void {
  for (const attribute of attributes) {
    const { page } = state.request;
    const release = state.responseBegun ? 'RESPONSE.flush()' : 'save()';
    state.context.log(
      'warn',
      `page '${page}' changed session attribute '${attribute}' after ${release}, over another request's change`,
    );
  }
}

function partText(
  record: SessionRecord,
  section: (typeof SECTIONS)[number],
  key: string,
  budget: SessionBudget,
): string {
  const text = encodeAttribute(record[section], key, PREFIXES[section], budget);
  return section === 'data' && key in record.timeouts ? `${text} until ${record.timeouts[key]}` : text;
}

function copyPart(part: string, from: SessionRecord, to: SessionRecord): void {
  const space = part.indexOf(' ');
  const key = part.slice(space + 1);
  const section = SECTIONS.find((name) => name === part.slice(0, Math.max(space, 0)));
  if (section !== undefined) {
    copyKey(key, from[section], to[section]);
    if (section === 'data') copyKey(key, from.timeouts, to.timeouts);
  } else if (part === 'remember') to.remember = from.remember;
  else to.cookie = from.cookie;
}

function copyKey(key: string, from: Record<string, unknown>, to: Record<string, unknown>): void {
  if (key in from) to[key] = from[key];
  else delete to[key];
}

/** A merged session as text. */
export interface MergedText {
  readonly text: string;
  /** The attributes that both sides have changed. */
  readonly conflicts: readonly string[];
}

/**
 * Merges the texts of one session, for stores that cannot exclude the writes of other processes.
 * @param base the text that this process has read; undefined: there was none
 * @returns `mine` if one of the texts cannot be read
 */
export function mergedRecordText(base: string | undefined, mine: string, theirs: string): MergedText {
  if (theirs === base || theirs === mine) return { text: mine, conflicts: [] };
  const before = base === undefined ? emptyRecord(0) : parsedRecord(base);
  const [my, their] = [parsedRecord(mine), parsedRecord(theirs)];
  if (before === undefined || my === undefined || their === undefined) return { text: mine, conflicts: [] };
  const conflicts = applyChanges(baseOf(before, true), my, their, true);
  their.cookie_sent = Math.max(their.cookie_sent, my.cookie_sent);
  return { text: serializedRecord(their), conflicts };
}
