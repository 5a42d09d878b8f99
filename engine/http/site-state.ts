// The state that all requests of one handler share: pages, sessions, the settings in force, the log.

import type { Pages } from '../pages/index.ts';
import type { Sessions } from '../session/index.ts';
import type { HandlerSettings } from './handler-settings.ts';
import { RunningPages } from './running-pages.ts';
import type { SiteHistory } from './site-page/site-history.ts';
import { SlowClients } from './slow-clients.ts';
import { UploadFolders } from './upload-folders.ts';

/** The options of `createHandler()`. */
export interface HandlerOptions {
  readonly pages: Pages;
  readonly sessions: Sessions;
  /** The settings in force. Called at every request, so that a changed configuration applies to the next one. */
  readonly settings: () => HandlerSettings;
  /** Logs a message for the operator. */
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Writes one line of the request log. */
  readonly write_log: (line: string) => void;
  /** Whether to colour that line; false by default. */
  readonly colours?: boolean;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /** The history of the site, which outlives a handler. */
  readonly history: SiteHistory;
  /** The running pages, the folders of uploads and the watched connections, if the app keeps them for its next handler. */
  readonly running?: RunningPages;
  readonly uploads?: UploadFolders;
  readonly clients?: SlowClients;
  /** Creates the id of a logged error; random by default. */
  readonly error_id?: () => string;
}

/** The shared state of one handler. */
export class SiteState {
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly options: HandlerOptions;
  readonly now: () => number;
  readonly history: SiteHistory;
  readonly running: RunningPages;
  readonly uploads: UploadFolders;
  readonly clients: SlowClients;
  /** The missing error pages that were logged. */
  readonly missing_error_pages = new Set<string>();

  constructor(options: HandlerOptions) {
    this.pages = options.pages;
    this.sessions = options.sessions;
    this.options = options;
    this.now = options.now;
    this.history = options.history;
    this.running = options.running ?? new RunningPages();
    this.uploads = options.uploads ?? new UploadFolders();
    this.clients = options.clients ?? new SlowClients();
  }

  /** The settings in force. */
  get settings(): HandlerSettings {
    return this.options.settings();
  }
}
