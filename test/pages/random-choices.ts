// Random choices that a seed repeats.

import { randomFrom } from '../compiler/random-pages.ts';

/** The choices of one seed. */
export function randomChoices(seed: number) {
  const random = randomFrom(seed + 1);
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [random(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  return {
    chance: (share: number): boolean => random() < share,
    /** One of the items. */
    pick<T>(items: readonly T[]): T {
      const [first] = shuffled(items);
      if (first === undefined) throw new RangeError('there is nothing to pick');
      return first;
    },
    /** `count` of the items, in a random order. */
    some: <T>(items: readonly T[], count: number): T[] => shuffled(items).slice(0, count),
  };
}
