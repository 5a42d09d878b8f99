// Sessions in the visitors' own cookies: `<id>.<sealed content>`, and `<name>_t` with newer deadlines. Each request has
// a store of its own, with the one entry that came; what it writes is sealed when the response is made.

import { parseCookie } from 'cookie';
import { Problem } from '../../../diagnostics/problem.ts';
import { type CarriedStore, type Outgoing, termCookieName } from '../../carrier.ts';
import { ID_LENGTH, keyOf } from '../../id.ts';
import { dropExpired } from '../../record.ts';
import { recordOf, recordText } from '../../record-text.ts';
import type { Found, StoredEntry, StoreTurn } from '../../store.ts';
import { MemoryStore } from '../memory.ts';
import type { Seal } from './seal.ts';
import { isOver, laterTerm, type Term, termOf, termText } from './term.ts';

/** More than one request can begin. */
const MOST_ENTRIES = 1000;

/** What a request brought, and which site reads it. */
export interface CookieStoreOptions {
  readonly seal: Seal;
  /** What the MACs of ids are made with. */
  readonly secret: Uint8Array;
  /** The request's Cookie header. */
  readonly header: string | undefined;
  /** The name of the session cookie. */
  readonly name: string;
  readonly now: () => number;
}

/** An entry as the visitor has it. */
interface Carried {
  readonly key: string;
  readonly content: string;
  readonly term: Term;
}

/** The store of one request. */
export class CookieStore implements CarriedStore {
  readonly lock = 'none';
  readonly keeps = 'text';
  readonly shared = true;
  readonly secret: Uint8Array;
  readonly sweepSteps = 1;
  refused = false;
  hasSent = false;
  readonly #options: CookieStoreOptions;
  readonly #entries: MemoryStore<string>;
  #opening: Promise<void> | undefined;
  #carried: Carried | undefined;

  constructor(options: CookieStoreOptions) {
    this.#options = options;
    this.secret = options.secret;
    this.#entries = new MemoryStore(MOST_ENTRIES, options.now);
  }

  get presented(): string | undefined {
    return this.#carried?.content;
  }

  get until(): number {
    return this.#carried?.term.until ?? 0;
  }

  async take(key: string): Promise<StoreTurn<string>> {
    await this.#opened();
    return this.#entries.take(key);
  }

  async read(key: string): Promise<Found<string>> {
    await this.#opened();
    return this.#entries.read(key);
  }

  touch(key: string, deadline: number): boolean {
    return this.#entries.touch(key, deadline);
  }

  create(key: string, content: string, deadline: number): void {
    this.#entries.create(key, content, deadline);
  }

  // biome-ignore lint/correctness/useYield: there is nothing that it could give
  async *list(): AsyncGenerator<StoredEntry<string>> {
    throw new Problem('sessions-in-cookies');
  }

  sweep(): number {
    return 0;
  }

  close(): void {
    this.#entries.close();
  }

  async outgoing(key: string, until: number): Promise<Outgoing | undefined> {
    const found = this.#entries.read(key);
    if (found.state !== 'live') return undefined;
    const { content, deadline } = found;
    const before = this.#carried?.key === key ? this.#carried : undefined;
    const kept = before?.term.deadline === deadline && before.term.until === until;
    const since = Math.max(this.#options.now(), (before?.term.since ?? 0) + 1);
    const term = kept ? before.term : { deadline, until, since };
    const sent = () => {
      this.#carried = { key, content, term };
      this.hasSent = true;
    };
    // A cookie that ends with the browser and one that does not are not the same cookie for a browser.
    const lasts = before !== undefined && (before.term.until === 0) === (until === 0);
    if (content !== before?.content || !lasts) {
      return { entry: await this.#seal('entry', key, `${termText(term)}\n${content}`), sent };
    }
    return kept ? { sent } : { term: await this.#seal('term', key, termText(term)), sent };
  }

  #opened(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { header, name, now } = this.#options;
    if (header === undefined) return;
    const { [name]: value = '', [termCookieName(name)]: beside = '' } = parseCookie(header);
    if (value.charAt(ID_LENGTH) !== '.') return;
    const key = keyOf(value.slice(0, ID_LENGTH));
    const carried = await this.#carriedAs(key, value.slice(ID_LENGTH + 1), beside);
    this.refused = carried === undefined || isOver(carried.term, now());
    if (carried === undefined || this.refused) return;
    this.#carried = carried;
    this.#entries.create(key, carried.content, carried.term.deadline);
  }

  async #carriedAs(key: string, sealed: string, beside: string): Promise<Carried | undefined> {
    const entry = await this.#unseal('entry', key, sealed);
    if (entry === undefined) return undefined;
    const newer = await this.#unseal('term', key, beside);
    const cut = entry.indexOf('\n');
    const own = termOf(entry.slice(0, cut));
    const term = newer === undefined ? own : laterTerm(own, termOf(newer));
    return { key, content: withoutExpired(entry.slice(cut + 1), this.#options.now()), term };
  }

  #seal(what: 'entry' | 'term', key: string, text: string): Promise<string> {
    return this.#options.seal.seal(`${what} ${this.#options.name} ${key}`, text);
  }

  #unseal(what: 'entry' | 'term', key: string, sealed: string): Promise<string | undefined> {
    return this.#options.seal.open(`${what} ${this.#options.name} ${key}`, sealed);
  }
}

/** An attribute whose own timeout is over must not make a page that only reads send the data again. */
function withoutExpired(content: string, now: number): string {
  const record = content.includes('"timeouts"') ? recordOf(content) : undefined;
  if (record === undefined) return content;
  dropExpired(record, now);
  return recordText(record);
}
