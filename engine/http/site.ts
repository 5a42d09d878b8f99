// What all requests of one handler share: pages, sessions, the settings in force, the log.

import type { Config } from '../../config/schema.ts';
import type { Pages } from '../pages/index.ts';
import type { Sessions } from '../session/index.ts';
import { type Settings, settingsOf } from './settings.ts';

/** What `createHandler` is given. */
export interface HandlerOptions {
  readonly pages: Pages;
  readonly sessions: Sessions;
  /** The effective configuration, asked for at every request: a saved one applies to the next. */
  readonly config: () => Config;
  /** What pages get as CONFIG: frozen, without secrets. */
  readonly public_config: () => unknown;
  /** Says what an operator must know. */
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Writes one line of the request log. */
  readonly write_log: (line: string) => void;
  /** Whether that line may carry colours; no by default. */
  readonly colours?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Makes the id under which an error is logged; random by default. */
  readonly error_id?: () => string;
}

/** The shared state of one handler: the settings of the configuration seen last. */
export class Site {
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly options: HandlerOptions;
  readonly now: () => number;
  #settings: Settings;

  constructor(options: HandlerOptions) {
    this.pages = options.pages;
    this.sessions = options.sessions;
    this.options = options;
    this.now = options.now;
    this.#settings = settingsOf(options.config());
  }

  /** The settings of the configuration as it is now. */
  get settings(): Settings {
    const config = this.options.config();
    if (config !== this.#settings.config) this.#settings = settingsOf(config);
    return this.#settings;
  }
}
