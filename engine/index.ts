// The public interface: everything that programs import from 'karrigell'.

import { resolve } from 'node:path';
import { configFrom } from '../config/load-config.ts';
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

/** The options of `karrigell()`: the keys of the configuration file, and two more. */
export interface KarrigellOptions extends ConfigInput {
  /** The folder to which relative paths are relative; the current folder by default. */
  readonly base_dir?: string;
  /**
   * Called with each message for the operator: its level (`warn` or `error`), its text, and the error that caused it, if there
   * is one. By default messages are written to standard error.
   */
  readonly on_message?: Log;
}

/** A site in another program. */
export interface Karrigell {
  /**
   * Answers a request; to be mounted in node:http, Express or Connect. If the site has no page and no file for the path, the
   * handler calls `next` if it is given, and answers with 404 otherwise. It does not throw: errors of pages are answered with
   * 500 and logged.
   */
  readonly handler: Awaited<ReturnType<typeof createApp>>['handler'];
  /**
   * Renders a page to a string without HTTP, for tests and mails.
   *
   * The page runs as for a GET request. Its session is `options.session`: the page's changes are made in that object, no
   * session is stored and no cookie is sent. The status and the headers that the page sets are not returned; use `listen()` and
   * `fetch()` for those.
   * @param path the URL path of the page (`/products/42?sort=price`), or its path as `Include` takes it
   * (`/_mails/welcome.pih`), so that pages without a URL can be rendered, too
   * @returns the output of the page in its layout, or the text that it passed to `RESPONSE.send()`
   * @throws (rejects with) `Redirect` (with `location` and `status`) or `HttpError` (with `status`) if the page ends with one;
   * the error that the page throws, with the page's own lines in its stack; `Problem` `page-missing` (with the nearest page)
   * and others
   */
  render(path: string, options?: RenderOptions): Promise<string>;
  /**
   * Serves on the host and port of the configuration. A second call returns the same server.
   * @returns the URL, such as `http://127.0.0.1:8080/`, and the port, which is also known then if it was configured as 0
   * @throws (rejects with) `Problem` `port-in-use` and others if the port cannot be opened, `site-closed` after `close()`
   */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /**
   * Closes the port, waits for running requests, and closes the session store. After 10 s running pages are interrupted and
   * answered with 503, and open connections are cut off. A second call returns the same promise.
   */
  close(): Promise<void>;
}

/** Running requests get this long when the site closes. */
const GRACE_MS = 10_000;

/**
 * Opens a site with the settings of a program. It reads no configuration file and no variable of the environment but
 * `NODE_ENV`, on which the default of `debug` depends.
 * @param options keys as in the configuration file; omitted keys have their defaults
 * @returns the site, which does not listen yet
 * @throws (rejects with) `Problem` for a wrong setting, a missing folder, or a session store that cannot be opened
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
 * @param source the text of the page
 * @param options.file the file name in errors; `page.pih` by default
 * @returns `code`, the JavaScript of a function body that returns the factory of the page, and `facts`, the results of the
 * analysis
 * @throws Problem with `file`, `line` and `column` (both count from 1) for an error in the page
 */
export function compile(
  source: string,
  options: { readonly file?: string } = {},
): { readonly code: string; readonly facts: PageFacts } {
  refuseUnknownOptions('compile', options, ['file']);
  const { code, facts } = compilePage(source, { file: options.file ?? 'page.pih' });
  return { code, facts };
}
