// Reads what was thrown. Anything can be: a proxy that was revoked, an object whose getters throw, an error that is its own
// cause, a message of megabytes. What reports errors reads them through these functions, so that a report neither
// throws nor grows without bound.

import { inspect, types } from 'node:util';

/** Longer texts are cut; nothing is said on a page of an error that needs more. */
const MOST_CHARACTERS = 4000;

/** The value itself, or a text that describes it where even `instanceof` could run its own code. */
export function asThrown(thrown: unknown): unknown {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) return thrown;
  if (types.isProxy(thrown)) return 'a Proxy';
  return hasReadablePrototype(thrown) ? thrown : 'an object whose prototype is a Proxy';
}

function hasReadablePrototype(value: object): boolean {
  for (let prototype = Object.getPrototypeOf(value); prototype !== null; ) {
    if (types.isProxy(prototype)) return false;
    prototype = Object.getPrototypeOf(prototype);
  }
  return true;
}

/** Whether a value is an error that can be read. */
export function isError(thrown: unknown): thrown is Error {
  return asThrown(thrown) instanceof Error;
}

/** An error's own words, or those that describe another value. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? errorProperty(thrown, 'message') : describeValue(thrown);
}

/** A property of an error as text; '' where it cannot be read or is none. */
export function errorProperty(error: Error, property: 'name' | 'message' | 'stack' | 'code'): string {
  const text = read(error, property);
  return typeof text === 'string' ? text : '';
}

/** A value in JavaScript's notation; a text as it is. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return shortened(value);
  try {
    return shortened(inspect(value, { depth: 2, maxArrayLength: 20, maxStringLength: 500, getters: false }));
  } catch {
    return `a value (${typeof value}) that cannot be shown`;
  }
}

/** The beginning of a text, with its length where it was cut. */
export function shortened(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}

/** An error, its causes and the errors that it collects, each once, nearest first. */
export function causesOf(error: unknown, most = 6): unknown[] {
  const causes = [asThrown(error)];
  for (let index = 0; index < causes.length && causes.length < most; index++) {
    for (const cause of namedBy(causes[index])) {
      if (causes.length < most && !causes.includes(cause)) causes.push(cause);
    }
  }
  return causes;
}

function namedBy(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const cause = read(error, 'cause');
  const collected = read(error, 'errors');
  const others = Array.isArray(collected) ? collected.slice(0, 20) : [];
  return [...(cause === undefined ? [] : [cause]), ...others].map(asThrown);
}

function read(error: Error, property: string): unknown {
  try {
    return Reflect.get(error, property);
  } catch {
    return undefined;
  }
}
