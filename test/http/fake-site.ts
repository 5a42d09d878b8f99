// A handler over pages and sessions that are defined in the test, to test http/ alone. Pages are functions of the scope.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { ExecutionContext } from 'ava';
import { defaultConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { createHandler, type Handler } from '../../engine/http/handler.ts';
import { handlerSettings } from '../../engine/http/handler-settings.ts';
import { SiteHistory } from '../../engine/http/site-page/site-history.ts';
import type { LoadedPage, Located, PageSet, Pages } from '../../engine/pages/index.ts';
import type { PageScope, SessionNeed } from '../../engine/runtime/page-types.ts';
import type { RequestSession, SessionRequest, Sessions } from '../../engine/session/index.ts';

export type PageFunction = (scope: PageScope) => string | Promise<string>;

/** A page of a test. */
export interface FakePage {
  readonly render: PageFunction;
  readonly need?: SessionNeed;
  readonly params?: Readonly<Record<string, string>>;
}

export interface FakeOptions {
  readonly pages?: Readonly<Record<string, PageFunction | FakePage>>;
  /** Static files by URL path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly root?: string;
  /** A real folder in which files are found instead of those above. */
  readonly locator?: Pick<PageSet, 'locate' | 'mayServe'>;
  readonly config?: Partial<Config>;
  readonly session?: Partial<RequestSession>;
  /** The program around the handler, in the role of Express. */
  readonly mounted?: (handler: Handler, request: IncomingMessage, response: ServerResponse) => void;
}

const STANDARD = defaultConfig('/');

export const DEFAULTS: Config = {
  ...STANDARD,
  root_dir: '/site',
  port: 0,
  debug: false,
  watch: false,
  limits: { ...STANDARD.limits, body: 1_000_000, upload: 20_000_000, field_size: 256_000 },
};

/** A running site of a test. */
export interface FakeSite {
  readonly port: number;
  readonly origin: string;
  /** The request log. */
  readonly lines: string[];
  /** The logged messages: level, message, cause. */
  readonly logged: { level: string; message: string; cause: unknown }[];
  /** The calls of the session layer, in order. */
  readonly sessionCalls: string[];
  readonly handler: Handler;
  config: Config;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Sends bytes unchanged; resolves with all bytes of the response when the connection closes. */
  raw(text: string | Uint8Array): Promise<string>;
}

/** Starts a site, which is stopped at the end of the test. */
export async function fakeSite(t: ExecutionContext, options: FakeOptions): Promise<FakeSite> {
  const lines: string[] = [];
  const logged: FakeSite['logged'] = [];
  const sessionCalls: string[] = [];
  const state = { settings: handlerSettings({ ...DEFAULTS, ...options.config }) };
  const handler = createHandler({
    pages: fakePages(options),
    sessions: fakeSessions(options.session ?? {}, sessionCalls),
    settings: () => state.settings,
    log: (level, message, cause) => logged.push({ level, message, cause }),
    write_log: (line) => lines.push(line),
    now: Date.now,
    history: new SiteHistory(Date.now),
    error_id: () => 'id-1',
  });
  const mounted = options.mounted ?? ((mount, request, response) => mount.handle(request, response));
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
    mounted(handler, request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown((): Promise<void> => {
    handler.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    lines,
    logged,
    sessionCalls,
    handler,
    get config() {
      return state.settings.config;
    },
    set config(config) {
      state.settings = handlerSettings(config);
    },
    ask: (path, init) => fetch(origin + path, { redirect: 'manual', ...init }),
    raw: (text) => exchanged(port, text),
  };
}

function fakePages({ pages = {}, files = {}, root = '/site', locator }: FakeOptions): Pages {
  const page = (url: string): FakePage | undefined => {
    const found = Object.hasOwn(pages, url) ? pages[url] : undefined;
    return typeof found === 'function' ? { render: found } : found;
  };
  const load = (file: string): LoadedPage => {
    const name = file.slice(root.length + 1);
    const found = page(`/${name.replace(/\.pih$/, '')}`);
    if (found === undefined) throw new Error(`no page ${file}`);
    return {
      file,
      name,
      kind: 'html',
      need: found.need ?? 'none',
      asks_method: true,
      once: false,
      post_forms: false,
      has_form: false,
      render: found.render,
    };
  };
  const locate = (path: string): Located => {
    if (locator !== undefined) return locator.locate(path);
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (file !== undefined) return { kind: 'static', file, real: file, guards: [] };
    if (page(path) !== undefined)
      return { kind: 'page', file: `${root}${path}.pih`, params: page(path)?.params ?? {}, guards: [] };
    if (page(`${path}/`) !== undefined) return { kind: 'redirect', path: `${path}/`, guards: [] };
    return { kind: 'none', tried: [`${path}.pih`], nearest: () => Object.keys(pages)[0], guards: [] };
  };
  const mayServe = (real: string): boolean => locator?.mayServe(real) ?? true;
  return {
    root,
    begin: () => ({
      root,
      locate,
      load,
      loadGuard: load,
      mayServe,
      guardsOf: () => [],
      isPassword: () => false,
      once: NO_ONCE,
      release: () => undefined,
    }),
    named(path) {
      throw new Error(`no page ${path}`);
    },
    load,
    loadGuard: load,
    guardsOf: () => [],
    filesOf: (...files) => new Set(files),
    users: () => ({ affectedBy: (files) => new Set(files) }),
    audience: undefined,
    firstOnce: () => undefined,
    routeProblems: () => [],
    files: () => [],
    count: () => Object.keys(pages).length,
    check: async () => [],
    onChange: () => () => undefined,
    close: async () => undefined,
  };
}

const NO_ONCE = { exist: false, at: () => false, remembered: () => false };

function fakeSessions(parts: Partial<RequestSession>, sessionCalls: string[]): Sessions {
  return {
    description: 'of the test',
    forms: undefined,
    forms_refusal: undefined,
    request(request: SessionRequest): RequestSession {
      sessionCalls.push(`request ${request.page} ${request.cookie ?? '-'} ${request.secure}`);
      let used = false;
      return {
        begin(need) {
          sessionCalls.push(`begin ${need}`);
          return parts.begin?.(need);
        },
        open(options) {
          used = true;
          return parts.open?.(options) ?? {};
        },
        flash: () => undefined,
        keptForm: () => undefined,
        keepForm: () => undefined,
        dropForm: () => undefined,
        flush() {
          sessionCalls.push('flush');
          return parts.flush?.();
        },
        release() {
          sessionCalls.push('release');
          return parts.release?.();
        },
        end() {
          sessionCalls.push('end');
          return parts.end?.();
        },
        interrupt: () => undefined,
        lost_cookie: undefined,
        busy: false,
        cookies: parts.cookies ?? [],
        get used() {
          return used;
        },
        snapshot: () => parts.snapshot?.() ?? undefined,
      };
    },
    administration: {
      list: () => {
        throw new Error('not here');
      },
      show: async () => undefined,
      delete: async () => false,
      clear: async () => 0,
      gc: async () => 0,
    },
    configure: () => undefined,
    close: async () => undefined,
  };
}

function exchanged(port: number, text: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => {
      socket.end();
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
    socket.on('error', reject);
  });
}
