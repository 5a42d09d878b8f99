// The history of a site since its start, for the page `/.karrigell/site`: the last errors, the last save, and the last reload of
// the configuration. It keeps texts with masked secrets and no errors, because an error may hold all data of a request.

import { shortenedText } from '../../diagnostics/thrown.ts';
import type { IsSecret } from '../../forms/secret-fields.ts';
import { type ErrorReport, errorReports } from '../error-page/error-report.ts';
import { maskedText } from '../error-page/mask-secrets.ts';

/** An error that was logged. */
export interface PastError {
  /** The time of the last occurrence, in milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  /** The error with its position and remedy, and its causes; '' if the message is all. */
  readonly text: string;
  /** The number of times that it occurred in succession. */
  readonly times: number;
}

/** The files that were saved, added or removed last. */
interface PastSave {
  readonly time: number;
  readonly files: readonly string[];
}

/** The last reload of the configuration. */
interface PastReload {
  readonly time: number;
  /** The error because of which the old settings stay; undefined if the new ones are in force. */
  readonly refusal: string | undefined;
  /** The keys that change with the next start only. */
  readonly pending: readonly string[];
}

/** The settings on which the text of an error depends. */
interface ErrorSettings {
  readonly root: string;
  readonly isSecret: IsSecret;
}

const MOST_ERRORS = 20;
const LONGEST_MESSAGE = 500;
/** Saves within this time are one save: an editor saves all its files, a tool changes many. */
const TOGETHER_MS = 200;
const MOST_FILES = 1000;

/** The history of one site. */
export class SiteHistory {
  /** The settings as they are now. Undefined: errors are not kept, because no page shows them. */
  settings: () => ErrorSettings | undefined = () => undefined;
  readonly #now: () => number;
  readonly #seen = new WeakSet<object>();
  #errors: readonly PastError[] = [];
  #save: PastSave | undefined;
  #reload: PastReload | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The last errors, the newest first. */
  get errors(): readonly PastError[] {
    return this.#errors;
  }

  get save(): PastSave | undefined {
    return this.#save;
  }

  get reload(): PastReload | undefined {
    return this.#reload;
  }

  /** Keeps a logged error. An error that is logged twice is kept once, as in the log. */
  failed(message: string, error: unknown): void {
    if (this.settings() === undefined || this.#hasSeen(error)) return;
    const text = this.#textOf(error);
    const [last, ...rest] = this.#errors;
    const isSame = last !== undefined && text !== '' && last.text === text;
    const times = isSame ? last.times + 1 : 1;
    const shown = shortenedText(message, LONGEST_MESSAGE);
    const before = isSame ? rest : this.#errors;
    this.#errors = [{ time: this.#now(), message: shown, text, times }, ...before].slice(0, MOST_ERRORS);
  }

  /** @param files absolute paths */
  saved(files: readonly string[]): void {
    if (files.length === 0) return;
    const time = this.#now();
    const before = this.#save !== undefined && time - this.#save.time <= TOGETHER_MS ? this.#save.files : [];
    this.#save = { time, files: [...new Set([...before, ...files])].slice(0, MOST_FILES) };
  }

  /** @param pending the keys that change with the next start only */
  reloaded(pending: readonly string[]): void {
    this.#reload = { time: this.#now(), refusal: undefined, pending };
  }

  /** @param error the reason why the old settings stay */
  refused(error: unknown): void {
    this.#reload = { time: this.#now(), refusal: this.#textOf(error), pending: [] };
  }

  #hasSeen(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    const isKnown = this.#seen.has(error);
    this.#seen.add(error);
    return isKnown;
  }

  #textOf(error: unknown): string {
    const settings = this.settings();
    if (error === undefined || settings === undefined) return '';
    return errorReports(error, settings.root, settings.isSecret).map(reportText).join('\ncaused by ');
  }
}

function reportText({ name, message, remedy, position }: ErrorReport): string {
  const where = position === undefined ? '' : `${placeText(position)} `;
  const text = `${where}${name}: ${maskedText(message, LONGEST_MESSAGE)}`;
  return remedy === undefined ? text : `${text}\n${maskedText(remedy, LONGEST_MESSAGE)}`;
}

/** Files of the site are named as findings name them. */
function placeText({ name, line, column }: NonNullable<ErrorReport['position']>): string {
  return `${name.startsWith('..') ? name : `/${name}`}:${line}:${column}`;
}
