// Reads thrown values safely. A thrown value may be a revoked proxy, an object whose getters throw, an error that is
// its own cause, or a message of megabytes. Error reports read thrown values through these functions, so that a report
// neither throws nor grows without bound.

import { inspect, types } from 'node:util';

/** The number of characters after which a text is cut. */
const MOST_CHARACTERS = 4000;

/** The value itself; a description if even `instanceof` could run code of the value. */
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

/** Whether a value is an error whose prototype can be read. */
export function isError(thrown: unknown): thrown is Error {
  return asThrown(thrown) instanceof Error;
}

/** The message of an error; a description of any other value. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? errorProperty(thrown, 'message') : describeValue(thrown);
}

/** A property of an error; '' if it is no text or cannot be read. */
export function errorProperty(error: Error, property: 'name' | 'message' | 'stack' | 'code'): string {
  const text = read(error, property);
  return typeof text === 'string' ? text : '';
}

/** A description of a value in JavaScript's notation; a text unchanged. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return shortenedText(value);
  try {
    return shortenedText(
      inspect(value, { depth: 2, maxArrayLength: 20, maxStringLength: 500, getters: false }),
    );
  } catch {
    return `a value (${typeof value}) that cannot be shown`;
  }
}

/** The text; if it is longer than `most` characters, its beginning and its length. */
export function shortenedText(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}

/**
 * An error with its causes and the errors of an AggregateError, each once, nearest first.
 * @param most the largest number of errors returned
 */
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
