// Makes of the texts of a form what its schema asks for, before the schema validates (docs/forms.md). A text that does not
// convert is passed on as it was typed, so that the schema's own message appears.

import type { FieldSchema, ValueKind } from './field-schema.ts';

/** A valid floating-point number (HTML, 2.3.4.3), with blanks around it. */
const NUMBER = /^[\t\n\f\r ]*-?(?:\d+|\d*\.\d+)(?:[eE][-+]?\d+)?[\t\n\f\r ]*$/;

/** The values of date and time inputs that a Date can hold: a date, or a date with a time; UTC without a time, else local. */
const DATE = /^\d{4,}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[-+]\d\d:\d\d)?)?$/;

const TRUE: ReadonlySet<string> = new Set(['on', 'true', '1', 'yes']);
const FALSE: ReadonlySet<string> = new Set(['off', 'false', '0', 'no', '']);

/**
 * The values that a schema shall validate.
 * @param input texts and files by the names of the schema; a value without a field in the schema is passed on
 */
export function convertedFields(
  input: Readonly<Record<string, unknown>>,
  fields: ReadonlyMap<string, FieldSchema>,
): Record<string, unknown> {
  const converted: Record<string, unknown> = Object.assign(Object.create(null), input);
  for (const [name, field] of fields) {
    const value = convertedField(input[name], field);
    if (value === undefined) delete converted[name];
    else if (name !== '__proto__') converted[name] = value;
  }
  return converted;
}

/** A value as its field takes it; undefined: the field is absent. */
export function convertedField(value: unknown, field: FieldSchema): unknown {
  const { kinds, items } = field;
  if (value === undefined) return valueOfAbsent(kinds);
  if (Array.isArray(value))
    return items === undefined ? value : value.map((item) => convertedField(item, items));
  if (typeof value !== 'string') return value;
  if (value === '') return valueOfEmpty(field);
  return kinds.has('string') ? value : convertedText(value, kinds);
}

/** A browser sends nothing of a checkbox that is not checked, and of a list of which nothing is chosen. */
function valueOfAbsent(kinds: ReadonlySet<ValueKind>): unknown {
  if (kinds.has('array')) return [];
  return kinds.has('boolean') && !kinds.has('string') ? false : undefined;
}

function valueOfEmpty({ kinds, isOptional }: FieldSchema): unknown {
  if (kinds.has('boolean') && !kinds.has('string')) return false;
  if (isOptional) return undefined;
  if (kinds.has('null')) return null;
  return kinds.size === 0 || kinds.has('string') ? '' : undefined;
}

function convertedText(text: string, kinds: ReadonlySet<ValueKind>): unknown {
  if (kinds.has('boolean')) {
    if (TRUE.has(text.toLowerCase())) return true;
    if (FALSE.has(text.toLowerCase())) return false;
  }
  if ((kinds.has('number') || kinds.has('integer')) && NUMBER.test(text)) {
    const number = Number(text);
    if (Number.isFinite(number) && !isRounded(text, number)) return number;
  }
  if (kinds.has('date') && DATE.test(text)) {
    const date = new Date(text.replace(' ', 'T'));
    if (!Number.isNaN(date.getTime()) && isCalendarDate(text)) return date;
  }
  return text;
}

/** Whether an integer is larger than a number holds exactly, so that another one would be stored. */
function isRounded(text: string, number: number): boolean {
  return !Number.isSafeInteger(number) && /^\s*-?\d+\s*$/.test(text);
}

/** Whether the day is one of its month: a Date takes February 30 for March 1 or 2. */
function isCalendarDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text
    .slice(0, text.search(/[T ]|$/))
    .split('-')
    .map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
