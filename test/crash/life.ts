// The writes that one session was asked for and those of them that were acknowledged, compared with its stored content. This
// file knows no HTTP and no store.

/** The content of a session of the crash site, as its page reads it and as the store lists it. */
export interface Kept {
  readonly life: string | null;
  readonly count: number;
  readonly ops: readonly string[];
}

/** The counts of a session's life at its end. */
export interface LifeTotals {
  sent: number;
  acknowledged: number;
  stored: number;
  lost: number;
}

/** One session from its first write to its end: each write has a name of its own. */
export class Life {
  readonly name: string;
  readonly #sent = new Set<string>();
  readonly #acknowledged = new Set<string>();
  #stored = 0;
  #lost = 0;

  constructor(name: string) {
    this.name = name;
  }

  get length(): number {
    return this.#acknowledged.size;
  }

  /** The name of the next write, which is on its way from now on. */
  send(): string {
    const op = `${this.name}.${this.#sent.size}`;
    this.#sent.add(op);
    return op;
  }

  acknowledge(op: string): void {
    this.#acknowledged.add(op);
  }

  /** The faults of stored content: a write that was acknowledged and is lost, was never sent, is there twice, is half there. */
  faultsOf(kept: Kept): string[] {
    const found = new Set(kept.ops);
    const lost = [...this.#acknowledged].filter((op) => !found.has(op));
    const foreign = kept.ops.filter((op) => !this.#sent.has(op));
    this.#stored = found.size;
    this.#lost = Math.max(this.#lost, lost.length);
    const faults: string[] = [];
    if (lost.length > 0) faults.push(`acknowledged but lost: ${lost.join(' ')}`);
    if (foreign.length > 0) faults.push(`never sent: ${foreign.join(' ')}`);
    if (found.size !== kept.ops.length) faults.push(`written twice: ${kept.ops.length - found.size}`);
    if (kept.count !== kept.ops.length) faults.push(`half written: ${kept.count} of ${kept.ops.length}`);
    return faults.map((fault) => `session ${this.name}: ${fault}`);
  }

  /** Adds the counts of this life. */
  addTo(totals: LifeTotals): void {
    totals.sent += this.#sent.size;
    totals.acknowledged += this.#acknowledged.size;
    totals.stored += this.#stored;
    totals.lost += this.#lost;
  }
}
