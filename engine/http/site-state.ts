// What all requests of one handler share: pages, sessions, the settings in force, the log.

import type { Pages } from '../pages/index.ts';
import type { Sessions } from '../session/index.ts';
import type { HandlerSettings } from './handler-settings.ts';
import { RunningPages } from './running-pages.ts';
import { SlowClients } from './slow-clients.ts';
import { UploadFolders } from './upload-folders.ts';

/** What `createHandler` is given. */
export interface HandlerOptions {
  readonly pages: Pages;
  readonly sessions: Sessions;
  /** The configuration in force, made ready; asked for at every request: a saved one applies to the next. */
  readonly settings: () => HandlerSettings;
  /** Says what an operator must know. */
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Writes one line of the request log. */
  readonly write_log: (line: string) => void;
  /** Whether that line may carry colours; no by default. */
  readonly colours?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The pages that run and the folders of uploads, where the app asks for them too. */
  readonly running?: RunningPages;
  readonly uploads?: UploadFolders;
  /** Makes the id under which an error is logged; random by default. */
  readonly error_id?: () => string;
}

/** The shared state of one handler. */
export class SiteState {
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly options: HandlerOptions;
  readonly now: () => number;
  readonly running: RunningPages;
  readonly uploads: UploadFolders;
  readonly clients = new SlowClients();
  /** Pages of error_pages that were found to be missing, and logged. */
  readonly missing_error_pages = new Set<string>();

  constructor(options: HandlerOptions) {
    this.pages = options.pages;
    this.sessions = options.sessions;
    this.options = options;
    this.now = options.now;
    this.running = options.running ?? new RunningPages();
    this.uploads = options.uploads ?? new UploadFolders();
  }

  /** The settings of the configuration as it is now. */
  get settings(): HandlerSettings {
    return this.options.settings();
  }
}
