// An app: the pages, the sessions and the request handler of one site. It does not listen; process/ does, or the program that
// mounts it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoadedConfig } from '../config/load-config.ts';
import { settingPlace } from '../config/setting-place.ts';
import { type RenderOptions, renderPage } from './adapters/render-page.ts';
import { Problem } from './diagnostics/problem.ts';
import { createHandler, type Handler } from './http/handler.ts';
import { type HandlerSettings, handlerSettings } from './http/handler-settings.ts';
import type { Next } from './http/request-context.ts';
import { RunningPages } from './http/running-pages.ts';
import { SiteHistory } from './http/site-page/site-history.ts';
import { SlowClients } from './http/slow-clients.ts';
import { UploadFolders } from './http/upload-folders.ts';
import { missingErrorPages } from './pages/error-page-files.ts';
import type { SnapshotData } from './pages/generation-change.ts';
import type { Pages } from './pages/index.ts';
import { isolatedModuleLoader } from './pages/modules/module-loader.ts';
import { openPages } from './pages/open-pages.ts';
import { pagesOptions } from './private-files.ts';
import { openSessions, type Sessions } from './session/index.ts';

/** Logs a message for the operator, with the error that caused it. */
export type Log = (level: 'warn' | 'error', message: string, cause?: unknown) => void;

/** A configuration to put into force, and the file that it was read from, which is never served. */
export type Applied = Pick<LoadedConfig, 'config' | 'file'> & Partial<Pick<LoadedConfig, 'pending'>>;

/** The options of an app. */
export interface AppOptions extends Applied {
  /** The first generation, if another process plans the generations. */
  readonly sources?: SnapshotData | undefined;
  /** The folder to which the paths of stores are relative. */
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
  /** Logs a message for the operator, and keeps errors for the page `/.karrigell/site`. */
  readonly log: Log;
  /** Renders a page to a string, without HTTP. */
  render(path: string, options?: RenderOptions): Promise<string>;
  /** Puts a new configuration into force for later requests; the session store stays the same. Rejects if it cannot be used. */
  configure(next: Applied, sources?: SnapshotData): Promise<void>;
  /** Takes the reason why a configuration that was saved is not in force. */
  configurationRefused(error: unknown): void;
  /**
   * Prepares a stop: ends the requests of live reload, and closes the connection of each running request after its response.
   */
  drain(): void;
  /** Waits until no page runs. Pages that still run after `patience_ms` are interrupted and answered with 503. */
  endPages(patience_ms: number): Promise<void>;
  /** Ends the watcher, live reload and the session store. Running pages are interrupted. */
  close(): Promise<void>;
  /** The beginning of the paths of the temporary folders of uploads. */
  readonly upload_prefix: string;
  /** Removes the temporary folders of uploads synchronously, because an exiting process does not wait. */
  removeUploads(): void;
}

/**
 * Opens a site.
 * @throws (rejects with) Problem if the folder is missing, a page cannot be served under its name, or the session store cannot be opened
 */
export async function createApp(given: AppOptions): Promise<App> {
  const history = new SiteHistory(Date.now);
  const options = { ...given, log: keepingLog(given.log, history) };
  const settings = handlerSettings(options.config);
  const pages = await openedPages(options, options, options.sources);
  const { config, base_dir, log } = options;
  const load_module = isolatedModuleLoader(config.root_dir, log);
  const sessions = await openSessions(config, { base_dir, log, load_module });
  try {
    refuseOnce(pages, sessions);
  } catch (error) {
    await pages.close();
    await sessions.close();
    throw error;
  }
  return new SiteApp(options, { settings, pages, sessions, history });
}

/** The opened parts of an app. */
interface OpenedParts {
  readonly settings: HandlerSettings;
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly history: SiteHistory;
}

class SiteApp implements App {
  readonly sessions: Sessions;
  readonly log: Log;
  readonly #options: AppOptions;
  #file: string | undefined;
  #settings: HandlerSettings;
  #pages: Pages;
  #requests: Handler;
  readonly #running = new RunningPages();
  readonly #uploads = new UploadFolders();
  /** Connections outlive a handler, because a reload does not close them. */
  readonly #clients = new SlowClients();
  readonly #history: SiteHistory;

  constructor(options: AppOptions, { settings, pages, sessions, history }: OpenedParts) {
    this.#options = options;
    this.#file = options.file;
    this.#settings = settings;
    this.#pages = pages;
    this.sessions = sessions;
    this.log = options.log;
    this.#history = history;
    this.#requests = this.#newHandler();
    history.settings = () => this.#historySettings();
    this.#keepSaves();
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
    // All steps that can fail come first, so that a configuration that cannot be used changes nothing.
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
    this.#history.reloaded(next.pending ?? []);
  }

  configurationRefused(error: unknown): void {
    this.#history.refused(error);
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
    this.#keepSaves();
    oldHandler.close();
    await oldPages.close();
  }

  /** The listener ends with the pages. */
  #keepSaves(): void {
    this.#pages.onChange((files) => this.#history.saved(files));
  }

  #historySettings(): ReturnType<SiteHistory['settings']> {
    const { config, isSecret } = this.#settings;
    if (!config.debug) return undefined;
    return { root: this.#pages.root, isSecret: (name) => isSecret(name) || isPassword(name, this.#pages) };
  }

  #newHandler(): Handler {
    const { log, write_log = writeLine, colours = false } = this.#options;
    return createHandler({
      pages: this.#pages,
      sessions: this.sessions,
      settings: () => this.#settings,
      running: this.#running,
      uploads: this.#uploads,
      clients: this.#clients,
      history: this.#history,
      log,
      write_log,
      colours,
      now: Date.now,
    });
  }
}

function keepingLog(log: Log, history: SiteHistory): Log {
  return (level, message, cause) => {
    log(level, message, cause);
    if (level === 'error') history.failed(message, cause);
  };
}

/** Whether a page of the site shows the field as a password. */
function isPassword(field: string, pages: Pages): boolean {
  const current = pages.begin();
  const shown = current.isPassword(field);
  current.release();
  return shown;
}

/** @throws Problem `once-store` if a page uses Once over a store that cannot keep forms */
function refuseOnce(pages: Pages, { forms_refusal: reason }: Sessions): void {
  const use = reason === undefined ? undefined : pages.firstOnce();
  if (use !== undefined && reason !== undefined)
    throw new Problem('once-store', { ...use, params: { reason } });
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Whether the pages must be opened anew. Without `watch` they always are, because a reload brings their new versions. */
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

/** @throws Problem if the folder or a configured error page is missing, or a page cannot be served under its name */
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
