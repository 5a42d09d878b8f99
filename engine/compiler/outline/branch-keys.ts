// Tells which conditions of a page are decided alike in one sample: the ones with the same text, unless a name in them has another
// value in another round of a loop, in another call, or behind an assignment.

import type { AnyNode } from 'acorn';
import { childNodes } from '../2-parse/syntax-nodes.ts';
import type { DeclaredName } from '../scopes.ts';
import type { OutlinedSource } from './outlined-source.ts';

/** One round of a loop, or one call of a function, while it is followed. */
export interface Round {
  readonly start: number;
  readonly end: number;
  /** The offset of its body. */
  readonly body: number;
  /** Tells it apart from all other rounds and calls in one page. */
  readonly key: string;
  /** The declaration of the variable that counts the rounds. */
  readonly counter: number | undefined;
}

/** A loop or function. */
export interface RepeatedNode {
  readonly start: number;
  readonly end: number;
  readonly body: { readonly start: number };
}

/** The rounds with one more. */
export function withRound(
  rounds: readonly Round[],
  { start, end, body }: RepeatedNode,
  name: string | number,
  counter?: number,
): readonly Round[] {
  return [...rounds, { start, end, body: body.start, key: `${roundKey(rounds)}/${start}:${name}`, counter }];
}

/** The key of the innermost round. */
export function roundKey(rounds: readonly Round[]): string {
  return rounds.at(-1)?.key ?? '';
}

/** A condition in its round. */
export interface BranchKey {
  readonly text: string;
  /** Whether its value follows from the rounds before, which are not followed: it may be any value in each. */
  readonly isCarried: boolean;
}

/** The key of a condition. Conditions with the same key are decided alike. */
export function branchKey(test: AnyNode, source: OutlinedSource, rounds: readonly Round[]): BranchKey {
  const text = source.source.slice(test.start, test.end).replace(/\s+/g, ' ');
  const names = namesBehind(test, source);
  const own = rounds.findLast((round) =>
    names.some(({ at, writes }) => [at, ...writes].some((offset) => isWithin(offset, round))),
  );
  const before = names.flatMap(({ writes }) => writes.filter((offset) => offset < test.start)).length;
  const isCarried =
    names.some(({ at }) => source.changed.hasInLoop(at)) ||
    rounds.some((round) => names.some((name) => isCarriedBy(round, name)));
  return { text: `${own?.key ?? ''} ${before} ${text}`, isCarried };
}

/** Whether a name has a value that an earlier round gave it. */
function isCarriedBy(round: Round, { at, writes }: DeclaredName): boolean {
  if (at === round.counter) return true;
  const isOwn = isWithin(at, { start: round.body, end: round.end });
  return !isOwn && writes.some((offset) => isWithin(offset, round));
}

function isWithin(offset: number, { start, end }: Pick<Round, 'start' | 'end'>): boolean {
  return start <= offset && offset < end;
}

/** The declared names that the value of an expression depends on. Constants and functions of the source are followed. */
function namesBehind(node: AnyNode, source: OutlinedSource): readonly DeclaredName[] {
  const names = new Map<number, DeclaredName>();
  const follow = (each: AnyNode): void => {
    const name = each.type === 'Identifier' ? source.declared.get(each.start) : undefined;
    if (name !== undefined && !names.has(name.at)) {
      names.set(name.at, name);
      const behind = source.declarators.get(name.node)?.init ?? source.functions.get(name.node);
      if (behind && !name.isReassigned) follow(behind);
    }
    for (const child of childNodes(each)) follow(child);
  };
  follow(node);
  return [...names.values()];
}
