// Which answer a request for a file gets, from its conditions and the file's size and time: RFC 9110, 13.2.2 (order of
// evaluation), 13.1.5 (If-Range), 14.2 (Range). Pure; reads headers, writes nothing.

import type { IncomingHttpHeaders } from 'node:http';

/** What is known of the file. */
export interface FileFacts {
  readonly size: number;
  readonly mtimeMs: number;
}

/** The answer: `range` is the header to pass on, where a part is to be sent. */
export type FileAnswer =
  | { readonly status: 200 }
  | { readonly status: 206; readonly range: string }
  | { readonly status: 304 | 412 | 416 };

/** A strong validator made of size and time, as nginx makes it: no file is read for it. */
export function etagOf({ size, mtimeMs }: FileFacts): string {
  return `"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`;
}

/** The answer to a GET or HEAD with these headers. */
export function fileAnswer(method: string, headers: IncomingHttpHeaders, facts: FileFacts): FileAnswer {
  const etag = etagOf(facts);
  // HTTP dates have whole seconds.
  const seconds = Math.floor(facts.mtimeMs / 1000);
  if (failsPrecondition(headers, etag, seconds)) return { status: 412 };
  if (isUnchanged(headers, etag, seconds)) return { status: 304 };
  if (method !== 'GET' || headers.range === undefined) return { status: 200 };
  if (!isRangeWelcome(headers['if-range'], etag, seconds)) return { status: 200 };
  return rangeAnswer(headers.range, facts.size);
}

function failsPrecondition(headers: IncomingHttpHeaders, etag: string, seconds: number): boolean {
  const match = headers['if-match'];
  if (match !== undefined) return match.trim() !== '*' && !tagsOf(match).includes(etag);
  const since = secondsOf(headers['if-unmodified-since']);
  return since !== undefined && seconds > since;
}

function isUnchanged(headers: IncomingHttpHeaders, etag: string, seconds: number): boolean {
  const none = headers['if-none-match'];
  // Weak comparison: W/ makes no difference.
  if (none !== undefined)
    return none.trim() === '*' || tagsOf(none).some((tag) => tag.replace(/^W\//, '') === etag);
  const since = secondsOf(headers['if-modified-since']);
  return since !== undefined && seconds <= since;
}

function isRangeWelcome(condition: string | string[] | undefined, etag: string, seconds: number): boolean {
  if (condition === undefined) return true;
  const wanted = String(condition).trim();
  if (/^(?:W\/)?"/.test(wanted)) return wanted === etag;
  return secondsOf(wanted) === seconds;
}

/** One range is honoured; several, another unit or nonsense get the whole file. */
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

function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function secondsOf(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
