// The forms of a line of the request log. Pure: what happened in, text out. What a visitor has written is made printable.

import { printableJson, printableLine } from '../diagnostics/printable.ts';

/** What a line says. */
export interface LogEntry {
  /** When the request came; milliseconds since 1970. */
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
  const shown = colours ? `\x1b[${colourOf(status)}m[${status}]\x1b[0m` : `[${status}]`;
  return `${clock(time)} ${shown} ${method} ${printableLine(path)} ${Math.round(ms)} ms`;
}

/** One JSON object. */
export function jsonLine(entry: LogEntry): string {
  const { time, ms, status, method, path, ip, bytes } = entry;
  const fields = { time: new Date(time).toISOString(), status, method, path, ms: Math.round(ms), ip, bytes };
  return printableJson(JSON.stringify(fields));
}

/** Apache's combined format, in UTC. */
export function combinedLine(entry: LogEntry): string {
  const asked = `${entry.method} ${quoted(entry.path)} HTTP/${entry.version}`;
  const from = quoted(entry.referer ?? '-');
  const bytes = entry.bytes === 0 ? '-' : String(entry.bytes);
  return `${entry.ip} - - [${apacheTime(entry.time)}] "${asked}" ${entry.status} ${bytes} "${from}" "${quoted(entry.agent ?? '-')}"`;
}

function clock(time: number): string {
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

function colourOf(status: number): number {
  if (status >= 500) return 31;
  if (status >= 400) return 33;
  return status >= 300 ? 36 : 32;
}

function quoted(text: string): string {
  return printableLine(text).replace(/["\\]/g, '\\$&');
}
