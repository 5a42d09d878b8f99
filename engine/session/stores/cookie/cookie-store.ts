// Sessions in their visitors' own cookies: `<id>.<sealed content>`, and `<name>_t` with newer deadlines. Each request has a
// store of its own with the one entry that came. The entry is sealed again when the response is made.

import { Problem } from '../../../diagnostics/problem.ts';
import { parsedRecord, serializedRecord } from '../../format/serialized-store.ts';
import { dropExpired } from '../../format/session-record.ts';
import type { ClientStore, EntryState, ListedEntry, Outgoing, StoreLock } from '../../session-store.ts';
import { MemoryStore } from '../memory/memory-store.ts';
import {
  type CarriedEntry,
  type CookieReader,
  type CookieTerm,
  entryText,
  openCookies,
  sealLabel,
  termText,
} from './arrived-cookies.ts';

/** More entries than one request can begin. */
const MOST_ENTRIES = 1000;

/** The store of one request. */
export class CookieStore implements ClientStore {
  readonly lock = 'none';
  readonly serialized = true;
  readonly sweepSteps = 1;
  readonly secret: Uint8Array;
  hasSent = false;
  readonly #reader: CookieReader;
  readonly #entries: MemoryStore<string>;
  #opening: Promise<void> | undefined;
  #carried: CarriedEntry | undefined;
  #arrived: ReadonlySet<string> = new Set();

  /** @param secret the secret of the MACs of ids */
  constructor(reader: CookieReader, secret: Uint8Array) {
    this.#reader = reader;
    this.secret = secret;
    this.#entries = new MemoryStore(MOST_ENTRIES, reader.now);
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
    const before = this.#carried?.key === key ? this.#carried : undefined;
    const entry = this.#renewed({ key, content: found.content }, { deadline: found.deadline, until }, before);
    const sent = () => {
      this.#carried = entry;
      this.hasSent = true;
    };
    if (before === undefined || entry.sealed !== before.sealed)
      return { entry: await this.#seal('entry', key, entryText(entry)), sent };
    return entry.term === before.term
      ? { sent }
      : { term: await this.#seal('term', key, termText(entry.term)), sent };
  }

  /** The entry as it is now. A term and a content that the visitor has already keep their times. */
  #renewed(
    { key, content }: Pick<CarriedEntry, 'key' | 'content'>,
    { deadline, until }: Pick<CookieTerm, 'deadline' | 'until'>,
    before: CarriedEntry | undefined,
  ): CarriedEntry {
    const now = this.#reader.now();
    if (before === undefined) return { key, content, term: { deadline, until, since: now }, sealed: now };
    const hasTerm = before.term.deadline === deadline && before.term.until === until;
    const term = hasTerm ? before.term : { deadline, until, since: Math.max(now, before.term.since + 1) };
    // For a browser a cookie that ends when it closes and one that does not are two cookies.
    const isSameCookie = (before.term.until === 0) === (until === 0);
    const hasContent = isSameCookie && content === before.content;
    return { key, content, term, sealed: hasContent ? before.sealed : Math.max(now, before.sealed + 1) };
  }

  #opened(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { header, now } = this.#reader;
    if (header === undefined) return;
    const { keys, carried } = await openCookies(this.#reader);
    this.#arrived = keys;
    if (carried === undefined) return;
    const content = withoutExpired(carried.content, now());
    this.#carried = { ...carried, content };
    this.#entries.create(carried.key, content, carried.term.deadline);
  }

  #seal(what: 'entry' | 'term', key: string, text: string): Promise<string> {
    return this.#reader.seal.seal(sealLabel(what, this.#reader.name, key), text);
  }
}

/** The content without attributes and forms whose own timeout has passed: a page that only reads must not send the data again. */
function withoutExpired(content: string, now: number): string {
  const record = /"(?:timeouts|forms)"/.test(content) ? parsedRecord(content) : undefined;
  if (record === undefined) return content;
  dropExpired(record, now);
  return serializedRecord(record);
}
