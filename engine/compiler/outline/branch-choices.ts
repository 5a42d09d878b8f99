// Chooses the branches of one sample of a page. Over all samples each branch that prints is chosen once, and conditions with the
// same key (branch-keys.ts) are decided alike, so that a tag that one `if` opens is closed by the next one.

const MOST_BITS = 6;

/** The branches that are chosen in all samples of one page. */
export class BranchCoverage {
  /** How often each branch of a condition was taken. */
  readonly #taken = new Map<string, number[]>();

  /** Whether a branch has been seen that no sample has taken. */
  get isIncomplete(): boolean {
    return [...this.#taken.values()].some((counts) => counts.includes(0));
  }

  /** The choices of the next sample. */
  next(): BranchChoices {
    return new BranchChoices((key, count) => this.#choose(key, count));
  }

  /**
   * The choices of more samples, in which any two conditions are once true and false and once false and true, so that conditions
   * are told apart that are only true together in the samples before.
   */
  mixed(): BranchChoices[] {
    const keys = [...this.#taken.keys()];
    const places = new Map(keys.map((key, index) => [key, index]));
    const bits = Math.min(MOST_BITS, Math.ceil(Math.log2(keys.length || 1)));
    return Array.from(
      { length: 2 * bits },
      (_, sample) =>
        new BranchChoices((key, count) => ((((places.get(key) ?? 0) >> (sample >> 1)) + sample) % 2) % count),
    );
  }

  /** The branch that was taken least often, so that conditions below each branch are met again. */
  #choose(key: string, count: number): number {
    const counts = this.#taken.get(key) ?? [];
    while (counts.length < count) counts.push(0);
    this.#taken.set(key, counts);
    const choice = counts.indexOf(Math.min(...counts));
    counts[choice] = (counts[choice] ?? 0) + 1;
    return choice;
  }
}

/** The choices of one sample. */
export class BranchChoices {
  readonly #chosen = new Map<string, number>();
  readonly #choose: (key: string, count: number) => number;

  constructor(choose: (key: string, count: number) => number) {
    this.#choose = choose;
  }

  /** The branch that is taken where a condition is met: 0 to `count` − 1. */
  of(key: string, count: number): number {
    const known = this.#chosen.get(key);
    if (known !== undefined && known < count) return known;
    const choice = this.#choose(key, count);
    this.#chosen.set(key, choice);
    return choice;
  }
}
