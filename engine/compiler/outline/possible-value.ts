// The values that an expression may have, as far as the source tells. The analysis of forms and links computes with them in place
// of real values; it never runs code of a page.

/** Stands for a text that is known only when the page runs. No text has this character: Unicode reserves it. */
export const HOLE = '\uFDD0';

/** A position in a source. */
export interface SourceOffset {
  readonly file: string;
  readonly offset: number;
}

/** A value that the source spells out. */
export type KnownValue =
  | {
      readonly kind: 'primitive';
      readonly value: string | number | boolean | null | undefined;
      /** The position of the literal, if the value is one. */
      readonly at?: SourceOffset | undefined;
    }
  | KnownObject
  | KnownList;

export interface KnownObject {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, Possible>;
  /** Whether it may have other members. */
  readonly isOpen: boolean;
  readonly levels: number;
}

export interface KnownList {
  readonly kind: 'list';
  readonly items: readonly Possible[];
  /** Whether it may lack some of the items, or have them in another order. */
  readonly isOpen: boolean;
  readonly levels: number;
}

/** The alternatives of a value; undefined: it may be anything. */
export type Possible = readonly KnownValue[] | undefined;

/** Lists with more items are followed as one unknown item. */
const MOST_ROUNDS = 100;

/** More alternatives than these count as any value, because they would be multiplied in texts. */
const MOST_ALTERNATIVES = 200;

export function primitive(value: string | number | boolean | null | undefined, at?: SourceOffset): Possible {
  return [{ kind: 'primitive', value, at }];
}

export function objectOf(members: ReadonlyMap<string, Possible>, isOpen = false): Possible {
  return [{ kind: 'object', members, isOpen, levels: 1 + mostLevels(members.values()) }];
}

/** The value that is a list. A list without items may get some that the source does not spell out. */
export function listOf(items: readonly Possible[], isOpen = items.length === 0): Possible {
  return [{ kind: 'list', items, isOpen, levels: 1 + mostLevels(items) }];
}

/** The lists and objects in a value, as far as they are known: 1 for a list of texts, 0 for a text. */
export function levelsOf(value: Possible): number {
  let levels = 0;
  for (const each of value ?? []) if (each.kind !== 'primitive') levels = Math.max(levels, each.levels);
  return levels;
}

function mostLevels(values: Iterable<Possible>): number {
  let levels = 0;
  for (const value of values) levels = Math.max(levels, levelsOf(value));
  return levels;
}

/** The position of the literal that a value comes from; undefined for any other value. */
export function literalPlace(value: Possible): SourceOffset | undefined {
  const [only] = value ?? [];
  return value?.length === 1 && only?.kind === 'primitive' ? only.at : undefined;
}

/** A text with holes, for an unknown value too. */
export function textsOf(value: Possible): readonly string[] {
  if (value === undefined || value.length === 0) return [HOLE];
  return [...new Set(value.map(textOf))];
}

function textOf(value: KnownValue): string {
  return value.kind === 'primitive' ? printedText(value.value) : HOLE;
}

/** The text that a page prints for a value. */
export function printedText(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** All concatenations of one text of each list; a hole where there are too many. */
export function concatenated(parts: readonly (readonly string[])[]): readonly string[] {
  let texts: readonly string[] = [''];
  for (const part of parts) {
    if (texts.length * part.length > MOST_ALTERNATIVES) texts = texts.map((text) => text + HOLE);
    else texts = texts.flatMap((text) => part.map((each) => text + each));
  }
  return [...new Set(texts.map((text) => text.replace(/\uFDD0{2,}/g, HOLE)))];
}

/** The value that is one of several values. */
export function eitherOf(values: readonly Possible[]): Possible {
  const all: KnownValue[] = [];
  for (const value of values) {
    if (value === undefined || all.length + value.length > MOST_ALTERNATIVES) return undefined;
    all.push(...value);
  }
  return all;
}

/** The value of a member; undefined where it is not known. */
export function memberOf(object: Possible, name: string): Possible {
  if (object === undefined) return undefined;
  return eitherOf(object.map((each) => memberOfKnown(each, name)));
}

function memberOfKnown(object: KnownValue, name: string): Possible {
  if (object.kind === 'object')
    return object.members.has(name) || object.isOpen ? object.members.get(name) : primitive(undefined);
  if (object.kind === 'list' && !object.isOpen && /^\d+$/.test(name))
    return object.items[Number(name)] ?? primitive(undefined);
  return undefined;
}

/** The list that a value is; undefined where it may be anything else. */
export function knownList(value: Possible): KnownList | undefined {
  const [only] = value ?? [];
  return value?.length === 1 && only?.kind === 'list' ? only : undefined;
}

/** One round of a loop over a list. */
export interface ListRound {
  readonly item: Possible;
  readonly index: Possible;
  /** Whether the list may lack the item. */
  readonly isOptional: boolean;
}

/** The rounds of a loop over a list: one with an unknown item where none or too many are known. */
export function roundsOf(value: Possible): readonly ListRound[] {
  const { items, isOpen } = knownList(value) ?? { items: [], isOpen: true };
  if (items.length === 0 || items.length > MOST_ROUNDS)
    return [{ item: undefined, index: undefined, isOptional: false }];
  return items.map((item, at) => ({
    item,
    index: isOpen ? undefined : primitive(at),
    isOptional: isOpen,
  }));
}
