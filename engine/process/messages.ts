// The server's own messages on standard error: one line with the time, then the error with its position and the source lines around
// it. With `"log": "json"` each message is one JSON object. Control characters are escaped, because a message may quote a visitor's
// text. An error is logged once.

import { printableJson, printableLine, printableLines } from '../diagnostics/printable.ts';
import { type IsSecret, secretNames } from '../forms/secret-fields.ts';
import { type ErrorReport, errorReports } from '../http/error-page/error-report.ts';
import { errorText } from '../http/error-page/error-text.ts';
import { clock } from '../http/request-log.ts';
import { paint } from './colours.ts';

/** Logs a message for the operator, with the error that caused it. */
export type Say = (level: Level, message: string, cause?: unknown) => void;
type Level = 'info' | 'warn' | 'error';

/** Where and how messages are written. */
export interface MessagesOptions {
  readonly write: (text: string) => void;
  readonly now: () => number;
  readonly colours: boolean;
  /** Called at every message, because the configuration may change. */
  readonly settings: () => {
    readonly root_dir: string;
    readonly log: string | false;
    readonly secret_fields?: readonly string[];
  };
}

/** A function that logs messages. */
export function messages(options: MessagesOptions): Say {
  const said = new WeakSet<object>();
  return (level, message, cause) => {
    if (typeof cause === 'object' && cause !== null) {
      if (said.has(cause)) return;
      said.add(cause);
    }
    const { root_dir, log, secret_fields = [] } = options.settings();
    const logged = { level, message, cause, root: root_dir, isSecret: secretNames(secret_fields) };
    const text = log === 'json' ? jsonMessage(logged, options.now()) : textMessage(logged, options);
    options.write(`${text}\n`);
  };
}

const COLOURS = { info: 'dim', warn: 'yellow', error: 'red' } as const;
const WORDS = { info: '', warn: 'warning: ', error: 'error: ' } as const;

/** A message as it was logged. */
interface Logged {
  readonly level: Level;
  readonly message: string;
  readonly cause: unknown;
  readonly root: string;
  readonly isSecret: IsSecret;
}

function textMessage(
  { level, message, cause, root, isSecret }: Logged,
  { now, colours }: MessagesOptions,
): string {
  const line = `${clock(now())} ${paint(colours)(COLOURS[level], WORDS[level] + printableLine(message))}`;
  return cause === undefined
    ? line
    : `${line}\n${indented(printableLines(errorText(cause, root, isSecret)))}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function jsonMessage({ level, message, cause, root, isSecret }: Logged, time: number): string {
  const error = cause === undefined ? {} : { error: errorFields(errorReports(cause, root, isSecret)) };
  return printableJson(JSON.stringify({ time: new Date(time).toISOString(), level, message, ...error }));
}

/** The error, which contains its cause, which contains its own cause, and so on. */
function errorFields(reports: readonly ErrorReport[]): object | undefined {
  return reports.reduceRight<object | undefined>((cause, report) => {
    const { name, code, message, remedy, position, frames } = report;
    const where = position && { file: position.file, line: position.line, column: position.column };
    const stack = [`${name}: ${message}`, ...frames.map(({ text }) => `    at ${text}`)].join('\n');
    return {
      ...(code === undefined ? { name } : { code }),
      text: message,
      remedy,
      ...where,
      stack: frames.length === 0 ? undefined : stack,
      cause,
    };
  }, undefined);
}
