// Three-way merge of one session, attribute by attribute: as it was when this page last wrote it (the base), as the page
// has it, and as the store has it now. For changes after save() or flush(), when others may have had their lock. Never deeper:
// two changes inside one attribute cannot both hold, so this page's wins and the other is named in a warning.

import { encodeAttribute } from '../format/codec/encode-values.ts';
import { Budget } from '../format/codec/session-budget.ts';
import type { SessionRecord } from '../format/session-record.ts';
import type { SessionState } from './session-state.ts';

/** What each part of a record was, in a form that `===` compares: text, or the live value itself. */
export type Base = Map<string, unknown>;

const SECTIONS = ['data', 'flash'] as const;
const FACTS = ['remember', 'cookie'] as const;

/** Remembers a record as it is. */
export function baseOf(record: SessionRecord, live: boolean): Base {
  const base: Base = new Map();
  const budget = live ? undefined : new Budget();
  for (const section of SECTIONS) {
    for (const key of Object.keys(record[section])) {
      const part = budget ? textOf(record, section, key, budget) : record[section][key];
      base.set(`${section} ${key}`, part);
    }
  }
  base.set('remember', record.remember);
  base.set('cookie', JSON.stringify(record.cookie));
  return base;
}

/** Whether a page changed anything since the base was taken. */
export function hasChanged(base: ReadonlyMap<string, unknown>, mine: SessionRecord): boolean {
  const now = baseOf(mine, false);
  if (now.size !== base.size) return true;
  for (const [part, value] of now) if (base.get(part) !== value) return true;
  return false;
}

/** Puts what `mine` changed since the base into `theirs`; the attributes that both changed. */
export function applyChanges(
  base: ReadonlyMap<string, unknown>,
  mine: SessionRecord,
  theirs: SessionRecord,
  live: boolean,
): string[] {
  const my = baseOf(mine, live);
  const their = baseOf(theirs, live);
  const conflicts: string[] = [];
  for (const part of new Set([...base.keys(), ...my.keys()])) {
    const was = base.get(part);
    const wanted = my.get(part);
    if (wanted === was) continue;
    const there = their.get(part);
    if (there !== was && there !== wanted) conflicts.push(part.slice(part.indexOf(' ') + 1));
    copyPart(part, mine, theirs);
  }
  return conflicts;
}

/** Brings a page's record up to the newest one where the page itself changed nothing; its own objects stay. */
export function adoptNewest(state: SessionState, newest: SessionRecord): void {
  const live = state.site.store.serialized === false;
  const there = baseOf(newest, live);
  if (live || state.base === undefined) {
    state.record = newest;
    state.base = there;
    return;
  }
  const my = baseOf(state.record, live);
  for (const part of new Set([...state.base.keys(), ...there.keys()])) {
    const mineIsAsItWas = my.get(part) === state.base.get(part);
    if (mineIsAsItWas && there.get(part) !== my.get(part)) copyPart(part, newest, state.record);
  }
  state.base = there;
}

/** In memory a change is there at once; says so when it goes over another page's since save(). */
export function noteOverwrite(state: SessionState, key: string, value: unknown): void {
  if (state.base === undefined || !state.stored || state.site.store.serialized) return;
  const { data } = state.record;
  if (key in data && state.base.get(`data ${key}`) !== data[key]) warnOfConflicts(state, [key]);
  state.base.set(`data ${key}`, value);
}

/** The warning that a page's change went over another page's. */
export function warnOfConflicts(state: SessionState, attributes: readonly string[]): void {
  for (const attribute of attributes) {
    const { page } = state.request;
    const turnEnd = state.responseBegun ? 'RESPONSE.flush()' : 'save()';
    state.site.log(
      'warn',
      `page '${page}' changed session attribute '${attribute}' after ${turnEnd}, over another request's change`,
    );
  }
}

function textOf(
  record: SessionRecord,
  section: (typeof SECTIONS)[number],
  key: string,
  budget: Budget,
): string {
  const text = encodeAttribute(record[section], key, section === 'data' ? 's.' : 'flash ', budget);
  return section === 'data' && key in record.timeouts ? `${text} until ${record.timeouts[key]}` : text;
}

function copyPart(part: string, from: SessionRecord, to: SessionRecord): void {
  const space = part.indexOf(' ');
  const key = part.slice(space + 1);
  const section = SECTIONS.find((name) => name === part.slice(0, Math.max(space, 0)));
  if (section === undefined) {
    if (part === FACTS[0]) to.remember = from.remember;
    else to.cookie = from.cookie;
    return;
  }
  copyKey(key, from[section], to[section]);
  if (section === 'data') copyKey(key, from.timeouts, to.timeouts);
}

function copyKey(key: string, from: Record<string, unknown>, to: Record<string, unknown>): void {
  if (key in from) to[key] = from[key];
  else delete to[key];
}
