// Where in an HTML document a piece of text ends: the state of the WHATWG tokenizer, refined inside attribute values,
// scripts and styles. Contexts are interned, so that equal ones are the same object. How they change: transition.ts.

import type { Context, ContextFacts } from './context-facts.ts';

export type { Context } from './context-facts.ts';
export { describeContext } from './describe.ts';

const START: ContextFacts = {
  state: 'text',
  element: '',
  attribute: '',
  language: 'none',
  quote: '',
  pending: '',
  decided: '',
  url: 'none',
  mode: 'none',
  slash: 'none',
  word: '',
  open: '',
  lineStart: false,
  doubt: false,
  dynamic: false,
  escaped: 0,
  foreign: '',
  noscript: '',
};

/** Immutable values, looked up by all that they hold: sharing them between sites changes nothing for either. */
const interned = new Map<string, Context>();

/** The context of these facts. */
export function contextOf(facts: ContextFacts): Context {
  const key = keyOf(facts);
  const known = interned.get(key);
  if (known !== undefined) return known;
  const context: Context = Object.freeze({ ...facts, id: interned.size });
  interned.set(key, context);
  return context;
}

/** Facts with some of them changed; not interned, as most last for one character only. */
export function changed(facts: ContextFacts, changes: Partial<ContextFacts>): ContextFacts {
  return { ...facts, ...changes };
}

/** Element text at the start of a page. */
export const TEXT: Context = contextOf(START);

/** Element text again, with what is open around the place kept. */
export function textFacts(facts: ContextFacts, changes: Partial<ContextFacts> = {}): ContextFacts {
  return changed(START, { foreign: facts.foreign, noscript: facts.noscript, ...changes });
}

/** Element text around the same place: what its last characters may begin is left out. */
export function textAfter(context: Context): Context {
  return contextOf(textFacts(context));
}

/** The content of the element whose tag this is. */
export function contentOf(facts: ContextFacts, changes: Partial<ContextFacts>): ContextFacts {
  return textFacts(facts, { state: 'content', element: facts.element, ...changes });
}

function keyOf(facts: ContextFacts): string {
  return [
    facts.state,
    facts.element,
    facts.attribute,
    facts.language,
    facts.quote,
    facts.pending,
    facts.decided,
    facts.url,
    facts.mode,
    facts.slash,
    facts.word,
    facts.open,
    facts.lineStart,
    facts.doubt,
    facts.dynamic,
    facts.escaped,
    facts.foreign,
    facts.noscript,
  ].join('\u0000');
}
