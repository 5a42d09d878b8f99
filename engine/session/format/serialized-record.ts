// One session's record as the text that a store keeps: one readable JSON object with a version, and back.

import { checkCookieSetting } from '../cookies/session-cookie.ts';
import { Decoder } from './codec/decode-values.ts';
import { encodeAttributes } from './codec/encode-values.ts';
import { Budget } from './codec/session-budget.ts';
import type { Attributes, CookieSettings, SessionRecord } from './session-record.ts';

/** Raised when older programs could no longer read what is written. */
const VERSION = 1;

/** What stands around the attributes. */
const FRAME = ',"flash":{},"data":{}}\n';

/** The text of a record; throws a Problem that names the attribute which cannot be kept. */
export function serializedRecord(record: SessionRecord): string {
  const { data, flash, timeouts } = record;
  const budget = new Budget();
  const head = JSON.stringify({
    karrigell: VERSION,
    created: new Date(record.created).toISOString(),
    remember: record.remember || undefined,
    cookie: record.cookie,
    cookie_sent: record.cookie_sent || undefined,
    timeouts: Object.keys(timeouts).length > 0 ? timeouts : undefined,
  }).slice(0, -1);
  budget.take(head.length + FRAME.length);
  const kept =
    Reflect.ownKeys(flash).length > 0 ? `,"flash":${encodeAttributes(flash, 'flash ', budget)}` : '';
  return `${head}${kept},"data":${encodeAttributes(data, 's.', budget)}}\n`;
}

/** The record of a text; undefined when it is cut, corrupt or of a newer version. */
export function parsedRecord(text: string): SessionRecord | undefined {
  try {
    const decoder = new Decoder();
    return recordFromJson(decoder.parse(text), decoder);
  } catch {
    return undefined;
  }
}

function recordFromJson(json: unknown, decoder: Decoder): SessionRecord | undefined {
  if (!isObject(json) || json.karrigell !== VERSION) return undefined;
  const created = Date.parse(String(json.created));
  if (Number.isNaN(created) || !isObject(json.data)) return undefined;
  return {
    data: attributesFromJson(json.data, decoder),
    flash: attributesFromJson(json.flash, decoder),
    timeouts: numbersFromJson(json.timeouts),
    created,
    remember: json.remember === true,
    cookie: cookieFromJson(json.cookie),
    cookie_sent: numberIn(json.cookie_sent ?? 0),
  };
}

function attributesFromJson(json: unknown, decoder: Decoder): Attributes {
  const attributes: Attributes = Object.create(null);
  if (!isObject(json)) return attributes;
  for (const key of Object.keys(json)) attributes[key] = decoder.value(json[key]);
  return attributes;
}

function numbersFromJson(json: unknown): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null);
  if (!isObject(json)) return numbers;
  for (const key of Object.keys(json)) numbers[key] = numberIn(json[key]);
  return numbers;
}

function numberIn(json: unknown): number {
  if (typeof json !== 'number' || !Number.isFinite(json)) throw new SyntaxError('a number was expected');
  return json;
}

function cookieFromJson(json: unknown): Partial<CookieSettings> | undefined {
  if (!isObject(json)) return undefined;
  for (const [name, value] of Object.entries(json)) checkCookieSetting(name, value);
  return json;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
