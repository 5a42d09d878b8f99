// The request log: one line for each request (docs/configuration.md). Query strings are left out, because they may hold secrets.
// Control characters of a visitor's text are escaped.

import { styleText } from 'node:util';
import { printableJson, printableLine } from '../diagnostics/printable.ts';
import type { RequestContext } from './request-context.ts';

/** The contents of a line. */
export interface LogEntry {
  /** The time of the request in milliseconds since 1970. */
  readonly time: number;
  readonly ms: number;
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly ip: string;
  readonly bytes: number;
  readonly version: string;
  readonly referer: string | undefined;
  readonly agent: string | undefined;
}

/** `12:30:01 [200] GET /cart 11 ms`, in local time. */
export function textLine(
  time: number,
  status: number,
  method: string,
  path: string,
  ms: number,
  colours: boolean,
): string {
  const shown = colours ? coloured(status) : `[${status}]`;
  return `${clock(time)} ${shown} ${method} ${printableLine(path)} ${Math.round(ms)} ms`;
}

/** The line as a JSON object. */
export function jsonLine(entry: LogEntry): string {
  const { time, ms, status, method, path, ip, bytes } = entry;
  const fields = { time: new Date(time).toISOString(), status, method, path, ms: Math.round(ms), ip, bytes };
  return printableJson(JSON.stringify(fields));
}

/** The line in Apache's combined log format, in UTC. */
export function combinedLine(entry: LogEntry): string {
  const asked = `${entry.method} ${quoted(entry.path)} HTTP/${entry.version}`;
  const from = quoted(entry.referer ?? '-');
  const bytes = entry.bytes === 0 ? '-' : String(entry.bytes);
  return `${entry.ip} - - [${apacheTime(entry.time)}] "${asked}" ${entry.status} ${bytes} "${from}" "${quoted(entry.agent ?? '-')}"`;
}

/** `12:30:01`, local time. */
export function clock(time: number): string {
  const at = new Date(time);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function apacheTime(time: number): string {
  const at = new Date(time);
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

function coloured(status: number): string {
  return styleText(colourOf(status), `[${status}]`, { validateStream: false });
}

function colourOf(status: number): 'red' | 'yellow' | 'cyan' | 'green' {
  if (status >= 500) return 'red';
  if (status >= 400) return 'yellow';
  return status >= 300 ? 'cyan' : 'green';
}

function quoted(text: string): string {
  return printableLine(text).replace(/["\\]/g, '\\$&');
}

/** The status for a request whose client disconnected before the response, as in logs of nginx. */
export const CLIENT_LEFT = 499;

/** Writes the line of an answered request. */
export function logRequest(context: RequestContext, status: number): void {
  const { options } = context.site;
  const format = context.settings.config.log;
  if (format === false) return;
  const ended = context.site.now();
  if (format === 'text') {
    const { method, path } = context.request;
    options.write_log(
      textLine(context.started, status, method, path, ended - context.started, options.colours === true),
    );
    return;
  }
  const entry = logEntry(context, status, ended);
  options.write_log(format === 'json' ? jsonLine(entry) : combinedLine(entry));
}

function logEntry(context: RequestContext, status: number, ended: number): LogEntry {
  const { headers, httpVersion } = context.incoming;
  return {
    time: context.started,
    ms: ended - context.started,
    status,
    method: context.request.method,
    path: context.request.path,
    ip: context.request.ip,
    bytes: context.bytes,
    version: httpVersion,
    referer: headers.referer?.replace(/[?#].*$/s, ''),
    agent: headers['user-agent'],
  };
}
