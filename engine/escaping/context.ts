// Contexts: the state of the WHATWG HTML tokenizer at one point, refined inside attribute values, scripts and styles.
// Contexts are interned, so that equal ones are one object. transition.ts has the transitions between them.

import type { Context, ContextDraft, ContextFacts, TokenizerState } from './context-facts.ts';

export type { Context } from './context-facts.ts';
export { describeContext } from './describe-context.ts';

type Fact = ContextFacts[keyof ContextFacts];

/**
 * A node of the tree in which contexts are interned: one level per fact. Each fact is a key of its own, so that no
 * text of a page can make two contexts share an entry.
 */
class InternNode {
  readonly #byNext = new Map<Fact, InternNode>();
  context: Context | undefined;

  with(next: Fact): InternNode {
    const known = this.#byNext.get(next);
    if (known !== undefined) return known;
    const alike = new InternNode();
    this.#byNext.set(next, alike);
    return alike;
  }
}

/** Module-level state. It holds immutable values only, so sites in one process may share it. */
const interned = { root: new InternNode(), count: 0 };

/** The context with these facts. */
export function contextOf(facts: ContextFacts): Context {
  let alike = interned.root;
  for (const fact of valuesOf(facts)) alike = alike.with(fact);
  alike.context ??= Object.freeze({ ...draftOf(facts), id: interned.count++ });
  return alike.context;
}

/**
 * A copy of facts that may be changed. The members are written out, because a spread of all members takes ten times as
 * long.
 */
export function draftOf(facts: ContextFacts): ContextDraft {
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
    uncertain: facts.uncertain,
    hasOutputs: facts.hasOutputs,
    escaped: facts.escaped,
    foreign: facts.foreign,
    noscript: facts.noscript,
  };
}

/** A copy of facts with some of them changed. */
export function withFacts(facts: ContextFacts, changes: Partial<ContextFacts>): ContextDraft {
  return Object.assign(draftOf(facts), changes);
}

/** Removes the attribute and the state of its value. */
export function leaveAttribute(facts: ContextDraft): void {
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
  facts.uncertain = false;
  facts.hasOutputs = false;
}

/** Enters markup outside of tags and content. The open elements around it are kept. */
export function enterMarkup(facts: ContextDraft, state: TokenizerState): void {
  leaveAttribute(facts);
  facts.state = state;
  facts.element = '';
  facts.decided = '';
  facts.escaped = 0;
}

/** Element text at the start of a page. */
export const TEXT: Context = contextOf({
  state: 'data',
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
  uncertain: false,
  hasOutputs: false,
  escaped: 0,
  foreign: '',
  noscript: '',
});

/** Element text with the same open elements. The last characters before the point are forgotten. */
export function textAfter(context: Context): Context {
  const facts = draftOf(context);
  enterMarkup(facts, 'data');
  return contextOf(facts);
}

/** All facts. The facts that differ most often come last, so that the tree of interned contexts stays small. */
function valuesOf(facts: ContextFacts): Fact[] {
  return [
    facts.noscript,
    facts.foreign,
    facts.escaped,
    facts.uncertain,
    facts.lineStart,
    facts.decided,
    facts.mode,
    facts.slash,
    facts.open,
    facts.state,
    facts.language,
    facts.quote,
    facts.hasOutputs,
    facts.url,
    facts.element,
    facts.attribute,
    facts.pending,
    facts.word,
  ];
}
