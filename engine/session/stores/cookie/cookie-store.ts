// Sessions in the visitors' own cookies: `<id>.<sealed content>`, and `<name>_t` with newer deadlines. Each request has
// a store of its own, with the one entry that came; what it writes is sealed when the response is made.

import { Problem } from '../../../diagnostics/problem.ts';
import { parsedRecord, serializedRecord } from '../../format/serialized-record.ts';
import { dropExpired } from '../../format/session-record.ts';
import type { ClientStore, EntryState, ListedEntry, Outgoing, StoreLock } from '../../session-store.ts';
import { MemoryStore } from '../memory/memory-store.ts';
import { arrivedWith, type Carried, labelOf } from './arrived-cookies.ts';
import { headText, termText } from './cookie-term.ts';
import type { Seal } from './seal.ts';

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

/** The store of one request. */
export class CookieStore implements ClientStore {
  readonly lock = 'none';
  readonly serialized = true;
  readonly secret: Uint8Array;
  readonly sweepSteps = 1;
  hasSent = false;
  readonly #options: CookieStoreOptions;
  readonly #entries: MemoryStore<string>;
  #opening: Promise<void> | undefined;
  #carried: Carried | undefined;
  #arrived: ReadonlySet<string> = new Set();

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

  refuses(key: string): boolean {
    return this.#arrived.has(key);
  }

  async acquire(key: string): Promise<StoreLock<string>> {
    await this.#opened();
    return this.#entries.acquire(key);
  }

  async read(key: string): Promise<EntryState<string>> {
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
  async *list(): AsyncGenerator<ListedEntry<string>> {
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
    const now = this.#options.now();
    const since = Math.max(now, (before?.term.since ?? 0) + 1);
    const term = kept ? before.term : { deadline, until, since };
    // A cookie that ends with the browser and one that does not are not the same cookie for a browser.
    const lasts = before !== undefined && (before.term.until === 0) === (until === 0);
    const isKept = lasts && content === before.content;
    const sealed = isKept ? before.sealed : Math.max(now, (before?.sealed ?? 0) + 1);
    const sent = () => {
      this.#carried = { key, content, term, sealed };
      this.hasSent = true;
    };
    if (!isKept) {
      return { entry: await this.#seal('entry', key, `${headText(term, sealed)}\n${content}`), sent };
    }
    return kept ? { sent } : { term: await this.#seal('term', key, termText(term)), sent };
  }

  #opened(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { header, name, seal, now } = this.#options;
    if (header === undefined) return;
    const { keys, carried } = await arrivedWith({ header, name, seal, now: now() });
    this.#arrived = keys;
    if (carried === undefined) return;
    const content = withoutExpired(carried.content, now());
    this.#carried = { ...carried, content };
    this.#entries.create(carried.key, content, carried.term.deadline);
  }

  #seal(what: 'entry' | 'term', key: string, text: string): Promise<string> {
    return this.#options.seal.seal(labelOf(what, this.#options.name, key), text);
  }
}

/** An attribute whose own timeout is over must not make a page that only reads send the data again. */
function withoutExpired(content: string, now: number): string {
  const record = content.includes('"timeouts"') ? parsedRecord(content) : undefined;
  if (record === undefined) return content;
  dropExpired(record, now);
  return serializedRecord(record);
}
