// QUERY: the fields of the query string and of the form, read as URLSearchParams reads them (contract section 6).

import type { TextDecoder } from 'node:util';
import type { LimitsConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import { fieldRecord } from '../runtime/field-record.ts';
import type { Query } from '../runtime/page-types.ts';

/** Values by field name, in their order in the request. */
export type FieldValues = Map<string, string[]>;

/** The limits of fields. */
export type FieldLimits = Pick<LimitsConfig, 'fields' | 'field_name' | 'field_size'>;

const NO_VALUES: readonly string[] = Object.freeze([]);

/**
 * The fields of a query string or an urlencoded body.
 * @throws Problem `too-many-fields`, `field-name-too-long`, `field-too-large`
 */
export function parsedFields(encoded: string, limits: FieldLimits): FieldValues {
  const values: FieldValues = new Map();
  if (encoded === '' || encoded === '?') return values;
  refuseTooMany(encoded, limits.fields);
  for (const [name, value] of new URLSearchParams(encoded)) {
    refuseTooLong(name, value, limits);
    addValue(values, name, value);
  }
  return values;
}

/**
 * The fields of an urlencoded body.
 * @param charset the decoder of its character encoding; undefined: UTF-8
 * @throws Problem as `fieldsOf`
 */
export function formFields(body: Buffer, charset: TextDecoder | undefined, limits: FieldLimits): FieldValues {
  if (charset === undefined) return parsedFields(body.toString('utf8'), limits);
  const values: FieldValues = new Map();
  const text = body.toString('latin1');
  if (text === '') return values;
  refuseTooMany(text, limits.fields);
  for (const pair of text.split('&').filter((part) => part !== '')) {
    const cut = pair.indexOf('=');
    const name = decodedBytes(cut === -1 ? pair : pair.slice(0, cut), charset);
    const value = cut === -1 ? '' : decodedBytes(pair.slice(cut + 1), charset);
    refuseTooLong(name, value, limits);
    addValue(values, name, value);
  }
  return values;
}

/** Percent-decodes a name or value to bytes, then decodes those in their character encoding. */
function decodedBytes(encoded: string, charset: TextDecoder): string {
  const bytes = encoded
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  // Node 20 decodes windows-1252 as Latin-1, which has no euro sign, if it is done in one call without `stream`.
  return charset.decode(Buffer.from(bytes, 'latin1'), { stream: true }) + charset.decode();
}

/** Adds a value to those of its name. */
export function addValue<T>(values: Map<string, T[]>, name: string, value: T): void {
  const known = values.get(name);
  if (known === undefined) values.set(name, [value]);
  else known.push(value);
}

/**
 * Checks one field against the limits; sizes are in bytes of UTF-8.
 * @throws Problem `field-name-too-long`, `field-too-large`
 */
export function refuseTooLong(name: string, value: string, limits: FieldLimits): void {
  if (exceeds(name, limits.field_name)) {
    throw new Problem('field-name-too-long', { params: { limit: limits.field_name } });
  }
  if (exceeds(value, limits.field_size)) {
    throw new Problem('field-too-large', { params: { name, limit: limits.field_size } });
  }
}

/** QUERY from the fields of the query string and of the body. If both have a name, the values of the body count. */
export function queryRecord(query: FieldValues, body: FieldValues | undefined): Query {
  return fieldRecord(body === undefined ? query : new Map([...query, ...body]), NO_VALUES);
}

/** Counts the fields before they are parsed, so that a body of ampersands costs nothing. */
function refuseTooMany(encoded: string, limit: number): void {
  let count = 1;
  for (let at = encoded.indexOf('&'); at !== -1; at = encoded.indexOf('&', at + 1)) {
    if (++count > limit) throw new Problem('too-many-fields', { params: { limit } });
  }
}

function exceeds(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);
}
