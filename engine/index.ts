// The public face: what other programs import from 'karrigell'. Nothing else is imported from outside.

import { resolve } from 'node:path';
import { configFrom } from '../config/load.ts';
import type { ConfigInput } from '../config/schema.ts';
import type { RenderOptions } from './adapters/render-page.ts';
import { type App, createApp, type Log } from './app.ts';
import type { PageFacts } from './compiler/facts.ts';
import { compilePage } from './compiler/index.ts';
import { refuseUnknownOptions } from './diagnostics/known-options.ts';
import { Problem } from './diagnostics/problem.ts';
import { standardErrorLog } from './http/error-page/error-text.ts';
import { APP } from './opened-app.ts';
import { type Listening, listen } from './process/listen.ts';

export type { Config, ConfigInput } from '../config/schema.ts';
export type { RenderOptions } from './adapters/render-page.ts';
export { viewEngine } from './adapters/view-engine.ts';
export type { PageFacts } from './compiler/facts.ts';
export type { OpenSession, Printable, ReadOnlySession } from './runtime/page-name-types.ts';
export { HttpErrorResult as HttpError, Redirect } from './runtime/page-result.ts';
export { SessionAttributeError, SessionEndedError } from './session/index.ts';
export type {
  EntryStore,
  LockingEntryStore,
  PlainEntryStore,
  StoreEntry,
} from './session/stores/own/entry-store.ts';
export type { OpenOwnStore, OwnStoreEnvironment } from './session/stores/own/open-own-store.ts';
export { Problem };

/** What a program may set beside the configuration's own keys. */
export interface KarrigellOptions extends ConfigInput {
  /** The folder that relative paths start from; the current folder by default. */
  readonly base_dir?: string;
  /** Takes what an operator must know; standard error by default. */
  readonly on_message?: Log;
}

/** A site inside another program. */
export interface Karrigell {
  /** Answers a request; mounts in node:http, Express and Connect. What is not found goes to `next` when there is one. */
  readonly handler: Awaited<ReturnType<typeof createApp>>['handler'];
  /**
   * A page as a string, without HTTP, for tests and mails.
   *
   * The page is named by its URL path (`/products/42?sort=price`) or as `Include` names it (`/_mails/welcome.pih`), so that
   * pages without a URL can be rendered, too. It runs as a GET of a visitor whose session is the object that you give:
   * nothing is stored, no cookie is sent, and what the page changes is seen in that object afterwards. The string is what
   * the page printed, in its layout, or the text of its `RESPONSE.send()`; status and headers that it sets are not part of
   * it: ask over HTTP (`listen()`, then `fetch()`) for those.
   * @throws (rejects with) `Redirect` (its `location` and `status`) and `HttpError` (its `status`) when the page ends so,
   * the page's own error, its stack in page coordinates, or a `Problem`: `page-missing` with the nearest page, …
   */
  render(path: string, options?: RenderOptions): Promise<string>;
  /** Serves on the configuration's host and port; a second call gives the same. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more requests, finishes the running ones, writes the sessions; a second call waits for the same. */
  close(): Promise<void>;
}

/** Requests that still run when the site closes get this long. */
const GRACE_MS = 10_000;

/**
 * Opens a site from a program's own settings; no configuration file and no environment variable is read.
 * @throws Problem for settings that are wrong, a missing folder, or a store that cannot be opened
 */
export async function karrigell(options: KarrigellOptions = {}): Promise<Karrigell> {
  const { base_dir = '.', on_message, ...input } = options;
  const loaded = configFrom(input, resolve(base_dir), process.env);
  const log = on_message ?? standardErrorLog(resolve(base_dir, loaded.config.root_dir));
  const app = await createApp({ ...loaded, log });
  let server: Promise<Listening> | undefined;
  let closed: Promise<void> | undefined;
  const close = async () => {
    const until = performance.now() + GRACE_MS;
    const stopped = server?.then(
      (listening) => listening.stop(GRACE_MS, () => app.endPages(0)),
      () => undefined,
    );
    app.drain();
    await stopped;
    await app.endPages(until - performance.now());
    await app.close();
  };
  const site: Karrigell & { readonly [APP]: App } = {
    [APP]: app,
    handler: app.handler,
    render: (path, renderOptions) => app.render(path, renderOptions),
    listen: async () => {
      if (closed !== undefined) throw new Problem('site-closed');
      server ??= listen(app.handler, loaded.config).catch((error: unknown) => {
        server = undefined;
        throw error;
      });
      const { url, port } = await server;
      return { url, port };
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
  return site;
}

/**
 * Compiles a page without running it.
 * @param source the page's text
 * @param options.file the name that errors give
 * @returns the JavaScript of a function body that returns the page's factory, and what was found out about the page
 * @throws Problem with file, line and column
 */
export function compile(
  source: string,
  options: { readonly file?: string } = {},
): { readonly code: string; readonly facts: PageFacts } {
  refuseUnknownOptions('compile', options, ['file']);
  const { code, facts } = compilePage(source, { file: options.file ?? 'page.pih' });
  return { code, facts };
}
