// One session's record as the text that a store keeps: one readable JSON object with a version, and back.

import { fromJson, toJson } from './codec.ts';
import { checkCookieSetting } from './cookie.ts';
import type { Attributes, CookieSettings, SessionRecord } from './record.ts';

/** Raised when older programs could no longer read what is written. */
const VERSION = 1;

/** The text of a record; throws a Problem that names the attribute which cannot be kept. */
export function recordText(record: SessionRecord): string {
  const { data, flash, timeouts } = record;
  return `${JSON.stringify({
    karrigell: VERSION,
    created: new Date(record.created).toISOString(),
    remember: record.remember || undefined,
    cookie: record.cookie,
    cookie_sent: record.cookie_sent || undefined,
    timeouts: Object.keys(timeouts).length > 0 ? timeouts : undefined,
    flash: Object.keys(flash).length > 0 ? attributesToJson(flash, 'flash ') : undefined,
    data: attributesToJson(data, 's.'),
  })}\n`;
}

/** The record of a text; undefined when it is cut, corrupt or of a newer version. */
export function recordOf(text: string): SessionRecord | undefined {
  try {
    return recordFromJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function recordFromJson(json: unknown): SessionRecord | undefined {
  if (!isObject(json) || json.karrigell !== VERSION) return undefined;
  const created = Date.parse(String(json.created));
  if (Number.isNaN(created) || !isObject(json.data)) return undefined;
  return {
    data: attributesFromJson(json.data),
    flash: attributesFromJson(json.flash),
    timeouts: numbersFromJson(json.timeouts),
    created,
    remember: json.remember === true,
    cookie: cookieFromJson(json.cookie),
    cookie_sent: Number(json.cookie_sent ?? 0),
  };
}

function attributesToJson(attributes: Attributes, prefix: string): object {
  const json: Attributes = Object.create(null);
  for (const key of Object.keys(attributes)) json[key] = toJson(attributes[key], prefix + key, []);
  return json;
}

function attributesFromJson(json: unknown): Attributes {
  const attributes: Attributes = Object.create(null);
  if (!isObject(json)) return attributes;
  for (const key of Object.keys(json)) attributes[key] = fromJson(json[key]);
  return attributes;
}

function numbersFromJson(json: unknown): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null);
  if (!isObject(json)) return numbers;
  for (const key of Object.keys(json)) numbers[key] = Number(json[key]);
  return numbers;
}

function cookieFromJson(json: unknown): Partial<CookieSettings> | undefined {
  if (!isObject(json)) return undefined;
  for (const [name, value] of Object.entries(json)) checkCookieSetting(name, value);
  return json;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
