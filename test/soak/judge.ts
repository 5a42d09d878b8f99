// Judges each response of the soak site: it is whole, of one set, never older than one that its process gave before.

import type { Answer } from '../crash/client.ts';
import type { SoakUrl } from './site-set.ts';

/** The state of a process when a request began: the set that it served of each URL. */
export type Served = ReadonlyMap<string, number>;

/** The counts of a soak. */
export interface SoakCounts {
  answered: number;
  posted: number;
  absent: number;
  /** Requests whose connection broke because their worker was killed. */
  cut: number;
  readonly faults: string[];
}

/** Judges the responses of one program. */
export class Judge {
  readonly counts: SoakCounts = { answered: 0, posted: 0, absent: 0, cut: 0, faults: [] };
  readonly #saved = new Map<number, number>();
  readonly #latest = new Map<string, number>();
  /** How long it took until a set was first seen, in milliseconds, by URL and set. */
  readonly #delays = new Map<string, number>();

  /** A set has been saved whole. */
  saved(set: number): void {
    this.#saved.set(set, performance.now());
  }

  /** Asked for when a request begins. */
  served(): Served {
    return new Map(this.#latest);
  }

  /** From a save to the first response with it. */
  get delays(): number[] {
    return [...this.#delays.values()].sort((a, b) => a - b);
  }

  fault(text: string): void {
    this.counts.faults.push(text);
  }

  /** The set of a response; undefined where it has none. */
  judge(url: SoakUrl, { status, body, headers }: Answer, before: Served): number | undefined {
    const name = `${url.method} ${url.path}`;
    if (status === 404 && url.fleeting === true) {
      this.counts.absent++;
      return undefined;
    }
    if (status !== 200) {
      this.fault(`${name}: ${status} ${body.replace(/\s+/g, ' ').slice(0, 300)}`);
      return undefined;
    }
    this.counts.answered++;
    if (url.method === 'POST') this.counts.posted++;
    const numbers = [...body.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number));
    const [set] = numbers;
    if (numbers.length !== url.numbers) this.fault(`${name}: not whole: ${numbers.join(' ')}`);
    else if (numbers.some((number) => number !== set)) this.fault(`${name}: mixed: ${numbers.join(' ')}`);
    else if (set !== undefined) this.#note(name, set, `${headers['x-worker']} ${name}`, before);
    return set;
  }

  #note(name: string, set: number, key: string, before: Served): void {
    const earlier = before.get(key) ?? 0;
    if (set < earlier) this.fault(`${name}: set ${set} after set ${earlier}`);
    this.#latest.set(key, Math.max(set, this.#latest.get(key) ?? 0));
    const saved = this.#saved.get(set);
    const seen = `${name} ${set}`;
    if (saved !== undefined && !this.#delays.has(seen)) this.#delays.set(seen, performance.now() - saved);
  }
}
