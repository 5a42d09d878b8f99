// The fields with which a refused form is sent again: the fields of the body in their order, without secrets and files, up to 64
// kB (docs/going-live.md, *Errors*). The query string is no part of them, because it stays in the URL.

import type { TextDecoder } from 'node:util';
import { decodedPair } from '../form-fields.ts';
import { charsetOf, isForm } from '../form-type.ts';
import { isTokenField, tokenIn } from '../once/form-token.ts';
import type { RequestContext } from '../request-context.ts';
import { BodyReading, type SentField } from './body-reading.ts';

/** The most bytes of names and values together. */
const MOST_BYTES = 64 * 1024;

/** The fields of a form, and what is not among them. */
export interface SentFields {
  readonly fields: readonly SentField[];
  /** The token of the form (Once), which is none of the fields. */
  readonly token: string | undefined;
  /** Whether a secret or a file is missing. */
  readonly withheld: boolean;
  /** Whether a field is missing because it was too large or was not read. */
  readonly cut: boolean;
}

/** The fields of a request's body. */
export function sentFields(context: RequestContext): SentFields {
  const { form, body } = context;
  const reading = form?.reading ?? new BodyReading();
  const limit = context.settings.config.limits.fields;
  const fields: SentField[] = [];
  let withheld = reading.hasFiles || (body?.files?.size ?? 0) > 0;
  let { isCut: cut } = reading;
  let token = form?.token;
  let bytes = 0;
  for (const field of entriesOf(context, reading)) {
    const [name, value] = field ?? ['', ''];
    const size = Buffer.byteLength(name) + Buffer.byteLength(value);
    if (name === '') cut ||= field === undefined;
    else if (isTokenField(name)) token ??= tokenIn(name, value);
    else if (value !== '' && context.isSecret(name)) withheld = true;
    else if (bytes + size > MOST_BYTES || fields.length >= limit || !isSendable(name, value)) cut = true;
    else {
      bytes += size;
      fields.push([name, value]);
    }
  }
  return { fields, token, withheld, cut };
}

/** HTML has no way to write U+0000. */
function isSendable(name: string, value: string): boolean {
  return !name.includes('\0') && !value.includes('\0');
}

/** The entries in the order of the body; undefined for one that is too large to be decoded. */
function entriesOf(context: RequestContext, reading: BodyReading): Iterable<SentField | undefined> {
  const { body, incoming, settings } = context;
  const raw = reading.raw ?? body?.raw;
  const type = incoming.headers['content-type'] ?? '';
  if (raw !== undefined && isForm(type)) {
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    return pairsIn(bytes, {
      charset: charsetIn(type),
      isCut: reading.isCut,
      most: settings.config.limits.fields,
    });
  }
  return reading.fields.length > 0 ? reading.fields : pairsOf(body?.fields ?? new Map());
}

/**
 * Other middleware has read the body, so only the order within each name is known. A list stands under two names then, with
 * brackets and without (parsed-body.ts).
 */
function* pairsOf(values: ReadonlyMap<string, readonly string[]>): Generator<SentField> {
  for (const [name, all] of values) {
    const isDouble = values.get(`${name}[]`)?.join('\0') === all.join('\0');
    if (!isDouble) for (const value of all) yield [name, value];
  }
}

interface PairOptions {
  readonly charset: TextDecoder | undefined;
  /** Whether the last pair is incomplete. */
  readonly isCut: boolean;
  /** The most pairs that are decoded. */
  readonly most: number;
}

/** The pairs of an urlencoded body. Percent-encoding makes a byte three characters at most. */
function* pairsIn(raw: Buffer, { charset, isCut, most }: PairOptions): Generator<SentField | undefined> {
  const text = raw.toString(charset === undefined ? 'utf8' : 'latin1');
  let start = 0;
  for (let count = 0; start <= text.length; count++) {
    const end = text.indexOf('&', start);
    if (end === -1 && isCut) return;
    const pair = text.slice(start, end === -1 ? text.length : end);
    if (count >= most || pair.length > 3 * MOST_BYTES + 1) yield undefined;
    else if (pair !== '') yield decodedPair(pair, charset);
    if (end === -1 || count >= most) return;
    start = end + 1;
  }
}

/** An unknown encoding has its own error, 415. */
function charsetIn(type: string): TextDecoder | undefined {
  try {
    return charsetOf(type);
  } catch {
    return undefined;
  }
}
