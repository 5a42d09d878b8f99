// The site of the session tests: a server's sessions with a clock that stands still, and visitors with a cookie jar.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultConfig } from '../../config/load-config.ts';
import type { SessionConfig } from '../../config/schema.ts';
import { isolatedModuleLoader } from '../../engine/pages/modules/module-loader.ts';
import type { SessionOptions } from '../../engine/runtime/page-types.ts';
import {
  openSessions,
  type RequestSession,
  type SessionRequest,
  type Sessions,
  type SessionsConfig,
} from '../../engine/session/index.ts';
import type { StorePlace, StoreRow } from './rows/row.ts';

/** A session as the tests use it: every attribute may be there. */
export interface TestPage {
  [attribute: string]: unknown;
  get(key: string, fallback?: unknown): unknown;
  has(key: string): boolean;
  set(key: string, value: unknown, options?: { timeout?: number }): void;
  close(): void;
  regenerate(): void;
  flash(key: string, ...value: unknown[]): unknown;
  save(): Promise<void>;
  update(change: (data: Record<string, unknown>) => unknown): Promise<unknown>;
  remember: boolean;
  cookie: Record<string, unknown>;
  readonly id: string;
  readonly is_new: boolean;
  readonly created: Date;
  readonly expires: Date | null;
}

export const SESSION: SessionConfig = defaultConfig('/').session;

export const COOKIE: SessionConfig['cookie'] = SESSION.cookie;

/** The settings of a test: the defaults of the contract, changed by the given ones. */
export function settings(
  persistent: SessionsConfig['persistent_session'],
  session: Partial<SessionConfig> = {},
  rest: Partial<SessionsConfig> = {},
): SessionsConfig {
  return {
    persistent_session: persistent,
    max_sessions: 1000,
    debug: false,
    session: { ...SESSION, ...session },
    ...rest,
  };
}

/** One server's sessions, its clock, log and folder. */
export class TestSite {
  now = Date.UTC(2026, 0, 1);
  readonly log: string[] = [];
  readonly dir: string;
  /** Where its store keeps the sessions. */
  readonly place: StorePlace;
  readonly clock: () => number;
  sessions!: Sessions;
  config!: SessionsConfig;

  constructor(dir: string, place: StorePlace, clock?: () => number) {
    this.dir = dir;
    this.place = place;
    this.clock = clock ?? (() => this.now);
  }

  request(cookie?: string, more: Partial<SessionRequest> = {}): RequestSession {
    return this.sessions.request({ cookie, secure: false, page: 'test.pih', ...more });
  }

  /** Runs a page of a visitor: begins, runs, ends; the page's own error is thrown after the end. */
  async visit<T>(
    visitor: Visitor,
    page: (session: TestPage, open: (options?: SessionOptions) => TestPage) => T | Promise<T>,
    options?: SessionOptions,
    more: Partial<SessionRequest> = {},
  ): Promise<T> {
    const request = this.request(visitor.header, more);
    await request.begin(options?.read_only ? 'read' : 'write');
    const open = (again?: SessionOptions) => request.open(again) as TestPage;
    try {
      return await page(open(options), open);
    } finally {
      await request.end();
      visitor.receive(request.cookies);
    }
  }

  /** Starts the server (again) over the stored sessions. */
  async open(session?: Partial<SessionConfig>, rest?: Partial<SessionsConfig>): Promise<void> {
    this.config = settings(this.place.config, session, rest);
    this.sessions = await openSessions(this.config, {
      base_dir: this.dir,
      log: (level, message) => this.log.push(`${level}: ${message}`),
      now: this.clock,
      load_module: isolatedModuleLoader(this.dir, () => undefined),
    });
  }

  /** How many sessions are stored. */
  async count(): Promise<number> {
    let entries = 0;
    for await (const _ of this.sessions.administration.list()) entries++;
    return entries;
  }

  async close(): Promise<void> {
    await this.sessions.close();
    await this.place.remove();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Opens a site for one test, over a place of its own in this store. */
export async function openSite(
  store: StoreRow,
  session?: Partial<SessionConfig>,
  rest?: Partial<SessionsConfig>,
  clock?: 'real',
): Promise<TestSite> {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-session-'));
  const site = new TestSite(dir, await store.place(dir), clock === 'real' ? Date.now : undefined);
  await site.open(session, rest);
  return site;
}

/** Assigns an attribute; an expression where a page needs one. */
export function set(session: TestPage, key: string, value: unknown): void {
  session[key] = value;
}

/** A browser, as far as the session cookie goes. */
export class Visitor {
  header: string | undefined;
  /** The Set-Cookie values of the last response. */
  received: readonly string[] = [];

  receive(cookies: readonly string[]): void {
    this.received = cookies;
    const jar = new Map<string, string>();
    for (const pair of this.header?.split('; ') ?? []) jar.set(pair.split('=')[0] ?? '', pair);
    for (const cookie of cookies) {
      const pair = cookie.split(';')[0] ?? '';
      const name = pair.split('=')[0] ?? '';
      if (cookie.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, pair);
    }
    if (cookies.length > 0) this.header = jar.size === 0 ? undefined : [...jar.values()].join('; ');
  }

  /** The id in its first cookie; the cookie store keeps the session behind it. */
  get id(): string | undefined {
    return this.header?.split('; ')[0]?.split('=')[1]?.split('.')[0];
  }

  /** Another request of the same browser, with the cookies that this one has now. */
  twin(): Visitor {
    const twin = new Visitor();
    twin.header = this.header;
    return twin;
  }
}
