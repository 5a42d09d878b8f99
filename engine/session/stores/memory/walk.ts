// A walk over many keys in steps of so many, for a sweep in memory. What is walked over changes meanwhile: a walk that
// lost its place begins again, where what it has looked at is gone by then.

/** Goes over the keys, a few at a time. */
export class Walk {
  readonly #most: number;
  readonly #all: () => Iterator<string>;
  #rest: Iterator<string> | undefined;

  constructor(most: number, all: () => Iterator<string>) {
    this.#most = most;
    this.#all = all;
  }

  /** Looks at the next keys; from the first on when it is not to go on, or after the last. */
  step(goesOn: boolean, look: (key: string) => void): void {
    const keys = (goesOn ? this.#rest : undefined) ?? this.#all();
    this.#rest = undefined;
    for (let seen = 0; seen < this.#most; seen++) {
      const next = keys.next();
      if (next.done) return;
      look(next.value);
    }
    this.#rest = keys;
  }
}
