// Where in an HTML document a piece of text ends: the state of the WHATWG tokenizer, refined inside attribute values,
// scripts and styles. Contexts are interned, so that equal ones are the same object. How they change: transition.ts.

import type { Context, ContextFacts, Draft, State } from './context-facts.ts';

export type { Context } from './context-facts.ts';
export { describeContext } from './describe-context.ts';

type Fact = ContextFacts[keyof ContextFacts];

/** Contexts whose first facts are alike, by the next fact: two contexts never share a key, whatever a page names. */
class Alike {
  readonly #byNext = new Map<Fact, Alike>();
  context: Context | undefined;

  with(next: Fact): Alike {
    const known = this.#byNext.get(next);
    if (known !== undefined) return known;
    const alike = new Alike();
    this.#byNext.set(next, alike);
    return alike;
  }
}

/** Immutable values, looked up by all that they hold: sharing them between sites changes nothing for either. */
const interned = { root: new Alike(), count: 0 };

/** The context of these facts. */
export function contextOf(facts: ContextFacts): Context {
  let alike = interned.root;
  for (const fact of valuesOf(facts)) alike = alike.with(fact);
  alike.context ??= Object.freeze({ ...draftOf(facts), id: interned.count++ });
  return alike.context;
}

/** A copy of facts, to be changed. Written out: a spread of so many members takes ten times as long. */
export function draftOf(facts: ContextFacts): Draft {
  return {
    state: facts.state,
    element: facts.element,
    attribute: facts.attribute,
    language: facts.language,
    quote: facts.quote,
    pending: facts.pending,
    decided: facts.decided,
    url: facts.url,
    mode: facts.mode,
    slash: facts.slash,
    word: facts.word,
    open: facts.open,
    lineStart: facts.lineStart,
    doubt: facts.doubt,
    dynamic: facts.dynamic,
    escaped: facts.escaped,
    foreign: facts.foreign,
    noscript: facts.noscript,
  };
}

/** A copy of facts with some of them changed. */
export function changed(facts: ContextFacts, changes: Partial<ContextFacts>): Draft {
  return Object.assign(draftOf(facts), changes);
}

/** Forgets the attribute that was read, and its value. */
export function leaveAttribute(facts: Draft): void {
  facts.attribute = '';
  facts.language = 'none';
  facts.quote = '';
  facts.pending = '';
  facts.url = 'none';
  facts.mode = 'none';
  facts.slash = 'none';
  facts.word = '';
  facts.open = '';
  facts.lineStart = false;
  facts.doubt = false;
  facts.dynamic = false;
}

/** Enters markup outside of tags and content: only what is open around the place is kept. */
export function enterMarkup(facts: Draft, state: State): void {
  leaveAttribute(facts);
  facts.state = state;
  facts.element = '';
  facts.decided = '';
  facts.escaped = 0;
}

/** Element text at the start of a page. */
export const TEXT: Context = contextOf({
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
});

/** Element text around the same place: what its last characters may begin is left out. */
export function textAfter(context: Context): Context {
  const facts = draftOf(context);
  enterMarkup(facts, 'text');
  return contextOf(facts);
}

/** All facts; those that differ most often come last. */
function valuesOf(facts: ContextFacts): Fact[] {
  return [
    facts.noscript,
    facts.foreign,
    facts.escaped,
    facts.doubt,
    facts.lineStart,
    facts.decided,
    facts.mode,
    facts.slash,
    facts.open,
    facts.state,
    facts.language,
    facts.quote,
    facts.dynamic,
    facts.url,
    facts.element,
    facts.attribute,
    facts.pending,
    facts.word,
  ];
}
