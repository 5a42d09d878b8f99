// One site, put together: pages, sessions and the handler that serves them. It listens to nothing; process/ and the
// programs that mount it do.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoadedConfig } from '../config/load.ts';
import { settingPlace } from '../config/setting-place.ts';
import { type RenderOptions, renderPage } from './adapters/render-page.ts';
import { createHandler, type Handler } from './http/handler.ts';
import { type HandlerSettings, handlerSettings } from './http/handler-settings.ts';
import type { Next } from './http/request-context.ts';
import { RunningPages } from './http/running-pages.ts';
import { UploadFolders } from './http/upload-folders.ts';
import { missingErrorPages } from './pages/error-page-files.ts';
import type { SnapshotData } from './pages/generation-change.ts';
import type { Pages } from './pages/index.ts';
import { moduleLoader } from './pages/module-loader.ts';
import { openPages } from './pages/open.ts';
import { pagesOptions } from './private-files.ts';
import { openSessions, type Sessions } from './session/index.ts';

/** Says what an operator must know. */
export type Log = (level: 'warn' | 'error', message: string, cause?: unknown) => void;

/** A configuration to put into force, and the file that it was read from, which is never served. */
export type Applied = Pick<LoadedConfig, 'config' | 'file'>;

/** What a site is made of. */
export interface AppOptions extends Applied {
  /** The sources that are served first, where another process plans the generations. */
  readonly sources?: SnapshotData | undefined;
  /** The folder that relative store paths start from. */
  readonly base_dir: string;
  readonly log: Log;
  /** Writes one line of the request log; standard output by default. */
  readonly write_log?: (line: string) => void;
  readonly colours?: boolean;
}

/** A running site. */
export interface App {
  readonly handler: (incoming: IncomingMessage, outgoing: ServerResponse, next?: Next) => void;
  readonly pages: Pages;
  readonly sessions: Sessions;
  /** A page as a string, without HTTP. */
  render(path: string, options?: RenderOptions): Promise<string>;
  /** Applies a new configuration to the requests from now on; the store stays as it is. */
  configure(next: Applied, sources?: SnapshotData): Promise<void>;
  /** Before a server stops: ends the requests that would never end by themselves (live reload), and keeps no connection. */
  drain(): void;
  /** Waits for the pages that run; those that still do after so many milliseconds are answered with 503. */
  endPages(patience_ms: number): Promise<void>;
  /** Ends what runs beside requests: watching, live reload, the store. Pages that still run are interrupted. */
  close(): Promise<void>;
  /** The beginning of the paths of its uploads' temporary folders. */
  readonly upload_prefix: string;
  /** Removes at once what uploads have left on the disk: the process exits, and waits for nothing. */
  removeUploads(): void;
}

/**
 * Opens a site.
 * @throws Problem when its folder is missing, a page has no URL of its own, or its store cannot be opened
 */
export async function createApp(options: AppOptions): Promise<App> {
  const settings = handlerSettings(options.config);
  const pages = await openedPages(options, options, options.sources);
  const { config, base_dir, log } = options;
  const load_module = moduleLoader(config.root_dir, log);
  const sessions = await openSessions(config, { base_dir, log, load_module });
  return new SiteApp(options, settings, pages, sessions);
}

class SiteApp implements App {
  readonly sessions: Sessions;
  readonly #options: AppOptions;
  #file: string | undefined;
  #settings: HandlerSettings;
  #pages: Pages;
  #requests: Handler;
  readonly #running = new RunningPages();
  readonly #uploads = new UploadFolders();

  constructor(options: AppOptions, settings: HandlerSettings, pages: Pages, sessions: Sessions) {
    this.#options = options;
    this.#file = options.file;
    this.#settings = settings;
    this.#pages = pages;
    this.sessions = sessions;
    this.#requests = this.#newHandler();
  }

  get upload_prefix(): string {
    return this.#uploads.prefix;
  }

  get pages(): Pages {
    return this.#pages;
  }

  readonly handler = (incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void => {
    this.#requests.handle(incoming, outgoing, next);
  };

  render(path: string, options?: RenderOptions): Promise<string> {
    const { log } = this.#options;
    const { config, public_config } = this.#settings;
    const site = { pages: this.#pages, config, public_config, log, running: this.#running };
    return renderPage(site, path, options);
  }

  async configure(next: Applied, sources?: SnapshotData): Promise<void> {
    const { config } = next;
    // All that can fail comes first: a configuration that cannot be used changes nothing.
    const settings = handlerSettings(config);
    const before = { config: this.#settings.config, file: this.#file };
    const pages =
      sources !== undefined || needsOtherPages(before, next)
        ? await openedPages(next, this.#options, sources)
        : undefined;
    if (pages === undefined) refuseMissingErrorPages(next, this.#pages.root);
    this.#file = next.file;
    this.#settings = settings;
    this.sessions.configure(config);
    if (pages !== undefined) await this.#replacePages(pages);
  }

  drain(): void {
    this.#requests.drain();
  }

  endPages(patience_ms: number): Promise<void> {
    return this.#running.end(patience_ms);
  }

  removeUploads(): void {
    this.#uploads.removeAll();
  }

  async close(): Promise<void> {
    this.#requests.close();
    await this.#running.end(0);
    this.#uploads.removeAll();
    await this.#pages.close();
    await this.sessions.close();
  }

  async #replacePages(pages: Pages): Promise<void> {
    const [oldPages, oldHandler] = [this.#pages, this.#requests];
    this.#pages = pages;
    this.#requests = this.#newHandler();
    oldHandler.close();
    await oldPages.close();
  }

  #newHandler(): Handler {
    const { log, write_log = writeLine, colours = false } = this.#options;
    return createHandler({
      pages: this.#pages,
      sessions: this.sessions,
      settings: () => this.#settings,
      running: this.#running,
      uploads: this.#uploads,
      log,
      write_log,
      colours,
      now: Date.now,
    });
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Pages that are not watched are opened anew: a reload is how their new versions arrive. */
function needsOtherPages({ config: before, file }: Applied, next: Applied): boolean {
  const after = next.config;
  return (
    file !== next.file ||
    before.root_dir !== after.root_dir ||
    before.debug !== after.debug ||
    before.watch !== after.watch ||
    !after.watch
  );
}

/** @throws Problem when the folder or a page that the configuration names is missing, or a page's name leads to no URL of its own */
async function openedPages(applied: Applied, options: AppOptions, sources?: SnapshotData): Promise<Pages> {
  const pages = await openPages({ ...pagesOptions(applied, options), sources });
  try {
    refuseMissingErrorPages(applied, pages.root);
    const [problem] = pages.routeProblems();
    if (problem !== undefined) throw problem;
  } catch (error) {
    await pages.close();
    throw error;
  }
  return pages;
}

function refuseMissingErrorPages({ config, file }: Applied, root: string): void {
  const placeOf = (status: string) => settingPlace(file, ['error_pages', status]);
  const [missing] = missingErrorPages(root, config.error_pages, placeOf);
  if (missing !== undefined) throw missing;
}
