// Attributes of sessions as text: masked, or in full.

import { printableJson } from '../../diagnostics/printable.ts';

/** The type and size of a value, in place of the value. */
export function maskedValue(value: unknown): string {
  if (value === null || value === undefined) return `(${value})`;
  if (typeof value === 'string') return `(text of ${value.length} characters)`;
  if (Array.isArray(value)) return `(list of ${value.length})`;
  if (value instanceof Map) return `(Map of ${value.size})`;
  if (value instanceof Set) return `(Set of ${value.size})`;
  if (value instanceof Date) return '(Date)';
  return `(${typeof value})`;
}

/** A value as JSON; a bigint becomes a text, a Map or Set an array. */
export function jsonText(value: unknown, indent?: number): string {
  return printableJson(JSON.stringify(value, likeJson, indent) ?? 'null');
}

/** A value on one line, with control characters escaped. */
export function onOneLine(value: unknown): string {
  return value === undefined ? 'undefined' : jsonText(value);
}

/** The name of an attribute, quoted if it contains unusual characters. */
export function attributeNameText(name: string): string {
  return /^[\p{L}\p{N}_$ .-]+$/u.test(name) ? name : printableJson(JSON.stringify(name));
}

function likeJson(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}
