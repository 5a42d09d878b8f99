// Values in htmx's hx-trigger, a list of events with modifiers: a condition in brackets behind an event is run as code, so
// a value may be words and numbers only.

import { escapeString, plainText } from './text.ts';

/** What is printed instead of a value that could be more. No event has this name. */
const BLOCKED = 'blocked';

/** Names of events, selectors by class or id, times. */
export function escapeWords(value: unknown): string {
  const text = plainText(value);
  return /^[\w .:#,-]*$/.test(text) ? escapeString(text) : BLOCKED;
}
