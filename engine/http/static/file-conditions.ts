// The status of a response with a file, from the conditions of the request and the file's size and time: RFC 9110, 13.2.2
// (order of evaluation), 13.1.5 (If-Range), 14.2 (Range).

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { httpDateSeconds } from './http-date.ts';

/** The size, times and inode of a file. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** The status of the response. `range` is the header for the file server if a part is sent. */
export type FileAnswer =
  | { readonly status: 200 }
  | { readonly status: 206; readonly range: string }
  | { readonly status: 304 | 412 | 416 };

/**
 * A strong validator (RFC 9110, 8.8.1), computed without reading the file. Size and modification time are not sufficient,
 * because tools set that time (`cp -p`, `rsync -t`, container images); the change time of the inode cannot be set. The value is
 * hashed, so that it does not show the inode number. Copies of a file on several machines have different validators.
 */
export function etagOf({ size, mtimeMs, ctimeMs, ino }: FileStamp): string {
  const stamp = createHash('sha256').update(`${mtimeMs}:${ctimeMs}:${ino}`).digest('base64url').slice(0, 16);
  return `"${size.toString(16)}-${stamp}"`;
}

/** The status of the response to a GET or HEAD request with these headers. */
export function fileAnswer(method: string, headers: IncomingHttpHeaders, facts: FileStamp): FileAnswer {
  const etag = etagOf(facts);
  // The resolution of HTTP dates is one second.
  const seconds = Math.floor(facts.mtimeMs / 1000);
  if (failsPrecondition(headers, etag, seconds)) return { status: 412 };
  if (isUnchanged(headers, etag, seconds)) return { status: 304 };
  if (method !== 'GET' || headers.range === undefined) return { status: 200 };
  if (!isRangeWelcome(headers['if-range'], etag, facts)) return { status: 200 };
  return rangeAnswer(headers.range, facts.size);
}

function failsPrecondition(headers: IncomingHttpHeaders, etag: string, seconds: number): boolean {
  const match = headers['if-match'];
  if (match !== undefined) return match.trim() !== '*' && !entityTagsIn(match).includes(etag);
  const since = secondsOf(headers['if-unmodified-since']);
  return since !== undefined && seconds > since;
}

function isUnchanged(headers: IncomingHttpHeaders, etag: string, seconds: number): boolean {
  const none = headers['if-none-match'];
  // Weak comparison (8.8.3.2): W/ is ignored.
  if (none !== undefined)
    return none.trim() === '*' || entityTagsIn(none).some((tag) => tag.replace(/^W\//, '') === etag);
  const since = secondsOf(headers['if-modified-since']);
  return since !== undefined && seconds <= since;
}

/** Whether an If-Range condition holds, by strong comparison (13.1.5): the entity tag, or exactly the date that was sent. */
function isRangeWelcome(condition: string | string[] | undefined, etag: string, facts: FileStamp): boolean {
  if (condition === undefined) return true;
  const wanted = String(condition).trim();
  return wanted === etag || (isStrongDate(facts) && wanted === new Date(facts.mtimeMs).toUTCString());
}

/** If a file was changed after its modification time, two contents may have the same date. */
function isStrongDate({ mtimeMs, ctimeMs }: FileStamp): boolean {
  return Math.floor(ctimeMs / 1000) <= Math.floor(mtimeMs / 1000);
}

/** One range is supported. Several ranges, other units and malformed headers are answered with the whole file. */
function rangeAnswer(range: string, size: number): FileAnswer {
  const [first = '', last = ''] = /^bytes=([^-]*)-([^-]*)$/i.exec(range)?.slice(1).map(trimmed) ?? [];
  if (!/^\d+$/.test(first + last) || size === 0) return { status: 200 };
  if (last !== '' && first !== '' && Number(last) < Number(first)) return { status: 200 };
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start >= size ? { status: 416 } : { status: 206, range: `bytes=${start}-${end}` };
}

function trimmed(text: string): string {
  return text.trim();
}

function entityTagsIn(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function secondsOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : httpDateSeconds(date.trim());
}
