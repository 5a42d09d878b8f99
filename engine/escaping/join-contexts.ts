// The join of two contexts at the end of branches: a context that is correct on both. Contexts have no join unless a
// rule here gives one.

import { contextOf, draftOf, withFacts } from './context.ts';
import type { Context, ContextFacts, TokenizerState } from './context-facts.ts';
import { joinedForeign, joinedOpen, joinedSlash, joinedUrl, joinedWord } from './join-parts.ts';
import { attributeWithoutValue } from './states/attribute-language.ts';
import { joinedNoscript } from './states/noscript.ts';

/** The context behind two branches that end in `a` and `b`; undefined if they have no join. */
export function joinContexts(a: Context, b: Context): Context | undefined {
  if (a === b) return a;
  const joined = IN_TAG.has(a.state) && IN_TAG.has(b.state) ? joinedTag(a, b) : joinedInside(a, b);
  return joined === undefined ? undefined : contextOf(joined);
}

const IN_TAG: ReadonlySet<TokenizerState> = new Set([
  'tag name',
  'before attribute name',
  'between attributes',
  'attribute name',
  'after attribute name',
]);

/** All states inside one tag join, because the next character must be a blank or the end of the tag. */
function joinedTag(a: Context, b: Context): ContextFacts | undefined {
  const [first, second] = [nameEnded(a), nameEnded(b)];
  const decided = joinedDecision(first.decided, second.decided);
  if (first.element !== second.element || decided === undefined) return undefined;
  const foreign = joinedForeign(a.foreign, b.foreign);
  const noscript = joinedNoscript(a.noscript, b.noscript);
  return withFacts(first, { state: 'between attributes', decided, foreign, noscript, pending: '' });
}

function nameEnded(context: Context): ContextFacts {
  const named = context.state === 'attribute name' || context.state === 'after attribute name';
  if (!named) return context;
  const facts = draftOf(context);
  attributeWithoutValue(facts);
  return facts;
}

/** A script without a type and a script of a JavaScript type have the same language. */
function joinedDecision(a: string, b: string): string | undefined {
  if (a === b) return a;
  const either = new Set([a, b, '', 'script', 'script or unset']);
  return either.size === 3 ? 'script or unset' : undefined;
}

function joinedInside(a: Context, b: Context): ContextFacts | undefined {
  if (SAME.some((fact) => a[fact] !== b[fact])) return undefined;
  const pending = joinedPending(a, b);
  const url = joinedUrl(a, b);
  const word = joinedWord(a, b);
  const open = joinedOpen(a.open, b.open);
  if (pending === undefined || url === undefined || word === undefined || open === undefined)
    return undefined;
  return withFacts(a, {
    pending,
    url,
    word,
    open,
    slash: joinedSlash(a, b),
    lineStart: a.lineStart || b.lineStart,
    uncertain: a.uncertain || b.uncertain,
    hasOutputs: a.hasOutputs || b.hasOutputs,
    foreign: joinedForeign(a.foreign, b.foreign),
    noscript: joinedNoscript(a.noscript, b.noscript),
  });
}

const SAME = ['state', 'element', 'attribute', 'language', 'quote', 'decided', 'mode', 'escaped'] as const;

function joinedPending(a: Context, b: Context): string | undefined {
  if (a.pending === b.pending) return a.pending;
  if (a.state === 'comment') return joinedComment(a.pending, b.pending);
  const [first, second] = [settled(a), settled(b)];
  if (first === second) return first;
  return [first, second].sort().join() === ',<~' ? '<~' : undefined;
}

/** The pending characters without marks that end with a branch. */
function settled({ pending, state, language, url }: Context): string {
  if (pending === '>' || /^--?$/.test(pending)) return '';
  if (pending !== '&') return pending;
  return state !== 'attribute value' || language === 'plain' || url === 'component' ? '' : pending;
}

/** The join is the state behind a value that may be empty. */
function joinedComment(a: string, b: string): string | undefined {
  const longer = a === '' ? b : a;
  if (a !== '' && b !== '' && a !== `${b}~` && b !== `${a}~`) return undefined;
  return longer.endsWith('~') ? longer : b.endsWith('~') ? b : `${longer}~`;
}
