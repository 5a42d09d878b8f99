// The value that an <input> has when a text is put into it: the value sanitization algorithms of HTML, 4.10.5.1.

import type { Element } from 'domhandler';
import { trimAsciiWhitespace } from './ascii-whitespace.ts';

const TYPES: ReadonlySet<string> = new Set([
  'hidden',
  'text',
  'search',
  'tel',
  'url',
  'email',
  'password',
  'date',
  'month',
  'week',
  'time',
  'datetime-local',
  'number',
  'range',
  'color',
  'checkbox',
  'radio',
  'file',
  'submit',
  'image',
  'reset',
  'button',
]);

/** The state of an input's `type` attribute; an unknown type is text. */
export function inputTypeOf({ attribs }: Element): string {
  const type = attribs.type?.toLowerCase() ?? '';
  return TYPES.has(type) ? type : 'text';
}

/** The value of an input that holds `text`, as the browser would report and send it. */
export function sanitizedValue(input: Element, text: string): string {
  switch (inputTypeOf(input)) {
    case 'text':
    case 'search':
    case 'tel':
    case 'password':
      return withoutNewlines(text);
    case 'url':
      return trimAsciiWhitespace(withoutNewlines(text));
    case 'email':
      return input.attribs.multiple === undefined
        ? trimAsciiWhitespace(withoutNewlines(text))
        : text.split(',').map(trimAsciiWhitespace).join(',');
    case 'number':
      return isNumber(text) ? text : '';
    case 'range':
      return rangeValue(input, text);
    case 'color':
      return /^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : '#000000';
    case 'date':
      return isDate(text) ? text : '';
    case 'month':
      return isMonth(text) ? text : '';
    case 'week':
      return isWeek(text) ? text : '';
    case 'time':
      return isTime(text) ? text : '';
    case 'datetime-local':
      return localDateTime(text);
    default:
      return text;
  }
}

function withoutNewlines(text: string): string {
  return text.replace(/[\r\n]/g, '');
}

/** A valid floating-point number (HTML, 2.3.4.3) that a double can hold. */
function isNumber(text: string): boolean {
  return /^-?(?:\d+|\d*\.\d+)(?:[eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

function numberOr(text: string | undefined, otherwise: number): number {
  return text !== undefined && isNumber(text) ? Number(text) : otherwise;
}

/** A range always has a value: between its limits, on a step (HTML, 4.10.5.1.13). */
function rangeValue({ attribs }: Element, text: string): string {
  const min = numberOr(attribs.min, 0);
  const max = numberOr(attribs.max, 100);
  const middle = max < min ? min : min + (max - min) / 2;
  const wanted = numberOr(text, middle);
  if (max < min) return String(min);
  return String(onStep(Math.min(Math.max(wanted, min), max), { attribs, min, max }));
}

/** The nearest value on a step; of two that are equally near, the greater one. */
function onStep(
  value: number,
  { attribs, min, max }: { readonly attribs: Element['attribs']; readonly min: number; readonly max: number },
): number {
  if (attribs.step?.toLowerCase() === 'any') return value;
  const given = numberOr(attribs.step, 1);
  const step = given > 0 ? given : 1;
  const base = numberOr(attribs.min, numberOr(attribs.value, 0));
  const steps = (value - base) / step;
  if (Math.abs(steps - Math.round(steps)) < 1e-9) return value;
  const decimals = Math.max(decimalsOf(step), decimalsOf(base));
  const at = (count: number) => Number((base + count * step).toFixed(decimals));
  const up = at(Math.floor(steps + 0.5));
  if (up <= max && up >= min) return up;
  return up > max ? at(Math.floor(steps)) : at(Math.ceil(steps));
}

function decimalsOf(value: number): number {
  return Math.min(20, /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0);
}

function isMonth(text: string): boolean {
  const [, year = '', month = ''] = /^(\d{4,})-(\d\d)$/.exec(text) ?? [];
  return isYear(year) && Number(month) >= 1 && Number(month) <= 12;
}

function isDate(text: string): boolean {
  const [, month = '', day = ''] = /^(\d{4,}-\d\d)-(\d\d)$/.exec(text) ?? [];
  return isMonth(month) && Number(day) >= 1 && Number(day) <= daysIn(month);
}

/** The day 0 of the month after is the last of this one. */
function daysIn(month: string): number {
  const [year = '', number = ''] = month.split('-');
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(number), 0);
  return date.getUTCDate();
}

function isYear(year: string): boolean {
  return /^\d{4,}$/.test(year) && Number(year) > 0 && Number(year) <= 275_760;
}

function isWeek(text: string): boolean {
  const [, year = '', week = ''] = /^(\d{4,})-W(\d\d)$/.exec(text) ?? [];
  return isYear(year) && Number(week) >= 1 && Number(week) <= weeksIn(Number(year));
}

/** A year has 53 weeks if it begins on a Thursday, or on a Wednesday and is a leap year (ISO 8601). */
function weeksIn(year: number): number {
  const first = new Date(0);
  first.setUTCFullYear(year, 0, 1);
  const isLeap = daysIn(`${year}-02`) === 29;
  return first.getUTCDay() === 4 || (first.getUTCDay() === 3 && isLeap) ? 53 : 52;
}

function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?$/.test(text);
}

/** The normalized text: a T in the middle, and no seconds that are 0 (HTML, 2.3.5.5). */
function localDateTime(text: string): string {
  const [date = '', time = '', more] = text.split(/[T ]/);
  if (more !== undefined || !isDate(date) || !isTime(time)) return '';
  const [minutes, seconds] = [time.slice(0, 5), time.slice(6)];
  if (Number(seconds) === 0) return `${date}T${minutes}`;
  // linear: isTime() takes at most six characters
  const shortest = seconds.includes('.') ? seconds.replace(/\.?0+$/, '') : seconds;
  return `${date}T${minutes}:${shortest}`;
}
