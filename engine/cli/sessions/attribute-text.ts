// What a session holds, for people and for programs: masked, or as it is.

import { printableJson } from '../../diagnostics/printable.ts';

/** What a masked value is: enough to see whether it is there. */
export function maskedValue(value: unknown): string {
  if (value === null || value === undefined) return `(${value})`;
  if (typeof value === 'string') return `(text of ${value.length} characters)`;
  if (Array.isArray(value)) return `(list of ${value.length})`;
  if (value instanceof Map) return `(Map of ${value.size})`;
  if (value instanceof Set) return `(Set of ${value.size})`;
  if (value instanceof Date) return '(Date)';
  return `(${typeof value})`;
}

/** A value as JSON; what JSON does not know as near to it as can be. */
export function jsonText(value: unknown, indent?: number): string {
  return printableJson(JSON.stringify(value, likeJson, indent) ?? 'null');
}

/** A value on one line of a terminal, where nothing in it can do more than be read. */
export function onOneLine(value: unknown): string {
  return value === undefined ? 'undefined' : jsonText(value);
}

/** An attribute's name on a terminal. */
export function attributeNameText(name: string): string {
  return /^[\p{L}\p{N}_$ .-]+$/u.test(name) ? name : printableJson(JSON.stringify(name));
}

function likeJson(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}
