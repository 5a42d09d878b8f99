// The attributes that `form.attrs()` prints in a tag (docs/forms.md): the rules of the schema that HTML has too, and the
// text that the visitor has typed. Without client JavaScript it is all that a browser needs to check a form.

import { escapeAttribute } from '../escaping/html-escapers.ts';
import type { FieldLimits, FieldSchema, ValueKind } from './field-schema.ts';

/** The tag in which the attributes are printed, as far as its author has written it. */
export interface FieldTag {
  /** The tag's name in lower case. */
  readonly name: string;
  /** The attributes that the author wrote, in lower case, with their values; null: computed. */
  readonly written: Readonly<Record<string, string | null>>;
}

/** A field of a form as it is shown. */
export interface ShownField {
  readonly name: string;
  readonly schema: FieldSchema | undefined;
  /** The texts that were typed. */
  readonly typed: readonly string[];
  readonly isSecret: boolean;
  readonly error: string | undefined;
  /** The id of the element that shows the message. */
  readonly errorId: string;
}

type Attributes = Map<string, string | true>;

/** Types of inputs that hold a line of text. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'search', 'tel', 'url', 'email', 'password']);
/** Types of inputs without `required`. */
const NEVER_REQUIRED: ReadonlySet<string> = new Set([
  'hidden',
  'range',
  'color',
  'submit',
  'image',
  'reset',
  'button',
]);
/** Formats of JSON Schema that are types of inputs. */
const TYPE_OF_FORMAT: Readonly<Record<string, string>> = {
  email: 'email',
  uri: 'url',
  date: 'date',
  time: 'time',
  'karrigell-date': 'date',
};

/**
 * The attributes of a field, with blanks between them.
 * @param option the value of the `<option>`, radio button or checkbox; undefined: it is written in the tag
 */
export function fieldAttributes(field: ShownField, tag: FieldTag, option: string | undefined): string {
  const attributes =
    tag.name === 'option' ? optionAttributes(field, tag, option) : controlAttributes(field, tag, option);
  return [...attributes]
    .filter(([name]) => !Object.hasOwn(tag.written, name))
    .map(([name, value]) => (value === true ? name : `${name}="${escapeAttribute(value)}"`))
    .join(' ');
}

function optionAttributes(
  { typed }: ShownField,
  { written }: FieldTag,
  option: string | undefined,
): Attributes {
  const attributes: Attributes = new Map();
  const value = option ?? written.value ?? undefined;
  if (option !== undefined) attributes.set('value', option);
  if (value !== undefined && typed.includes(value)) attributes.set('selected', true);
  return attributes;
}

function controlAttributes(field: ShownField, tag: FieldTag, option: string | undefined): Attributes {
  const { schema, error } = field;
  const isList = schema?.kinds.has('array') ?? false;
  const attributes: Attributes = new Map([['name', isList ? `${field.name}[]` : field.name]]);
  const item = isList ? schema?.items : schema;
  const type = tag.name === 'input' ? typeOf(tag, item) : tag.name;
  if (tag.name === 'input' && type !== 'text' && tag.written.type === undefined) attributes.set('type', type);
  if (isList && (type === 'select' || type === 'file')) attributes.set('multiple', true);
  setState(attributes, field, {
    type,
    option: option ?? tag.written.value ?? undefined,
    isGiven: option !== undefined,
  });
  if (schema !== undefined && isRequired(schema, type)) attributes.set('required', true);
  if (item !== undefined) setLimits(attributes, item, type);
  if (error !== undefined) {
    attributes.set('aria-invalid', 'true');
    attributes.set('aria-describedby', field.errorId);
  }
  return attributes;
}

function typeOf({ written }: FieldTag, schema: FieldSchema | undefined): string {
  // A type that is computed may be any: nothing is said that only some types have.
  if (Object.hasOwn(written, 'type')) return written.type?.toLowerCase() ?? '';
  if (schema === undefined) return 'text';
  const { kinds, limits } = schema;
  if (kinds.has('boolean')) return 'checkbox';
  const format = TYPE_OF_FORMAT[limits.format ?? ''];
  if (format !== undefined && isAll(kinds, ['string', 'date', 'null'])) return format;
  if (kinds.has('date')) return 'date';
  return isAll(kinds, ['number', 'integer', 'null']) ? 'number' : 'text';
}

/** Whether a field takes these kinds of values and no others. */
function isAll(kinds: ReadonlySet<ValueKind>, among: readonly ValueKind[]): boolean {
  return kinds.size > 0 && [...kinds].every((kind) => among.includes(kind));
}

interface ChoiceState {
  readonly type: string;
  readonly option: string | undefined;
  readonly isGiven: boolean;
}

/** The value that the visitor typed, or whether it was chosen. */
function setState(
  attributes: Attributes,
  { typed, schema, isSecret }: ShownField,
  { type, option, isGiven }: ChoiceState,
): void {
  if (type === 'checkbox' || type === 'radio') {
    if (isGiven && option !== undefined) attributes.set('value', option);
    const isBoolean = type === 'checkbox' && !isGiven && schema !== undefined && isBooleanOnly(schema);
    if (isBoolean ? isOn(typed[0]) : typed.includes(option ?? 'on')) attributes.set('checked', true);
    return;
  }
  const [value] = typed;
  if (type === 'select' || type === 'textarea' || type === 'file' || type === 'password' || isSecret) return;
  if (value !== undefined) attributes.set('value', value);
}

function isBooleanOnly({ kinds }: FieldSchema): boolean {
  return kinds.has('boolean') && !kinds.has('string');
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && !/^(?:|off|false|0|no)$/i.test(text);
}

/** Whether the schema refuses what the field becomes when it is left empty. */
export function isRequired(schema: FieldSchema, type: string): boolean {
  const { kinds, isOptional, limits, values } = schema;
  if (NEVER_REQUIRED.has(type)) return false;
  // Each checkbox of a list would have to be checked.
  if (kinds.has('array')) return type !== 'checkbox' && (limits.minItems ?? 0) > 0;
  if (isBooleanOnly(schema)) return values?.includes(false) === false;
  if (isOptional || kinds.size === 0 || kinds.has('null')) return false;
  return kinds.has('string') ? refusesEmptyText(limits, values) : true;
}

function refusesEmptyText(limits: FieldLimits, values: readonly unknown[] | undefined): boolean {
  if (values !== undefined) return !values.includes('');
  if ((limits.minLength ?? 0) > 0) return true;
  if (limits.pattern !== undefined) return expression(limits.pattern, '')?.test('') === false;
  return limits.format !== undefined && limits.format in TYPE_OF_FORMAT;
}

function setLimits(attributes: Attributes, { kinds, limits }: FieldSchema, type: string): void {
  if (type === 'number' || type === 'range')
    setNumberLimits(attributes, limits, isAll(kinds, ['integer', 'null']));
  if (!TEXT_TYPES.has(type) && type !== 'textarea') return;
  if (!isAll(kinds, ['string', 'null'])) return;
  // A line break of a textarea is one character to the browser, and two in what is sent.
  if (limits.minLength !== undefined && limits.minLength > 1 && type !== 'textarea')
    attributes.set('minlength', String(limits.minLength));
  if (limits.maxLength !== undefined) attributes.set('maxlength', String(limits.maxLength));
  const pattern = type === 'textarea' || type === 'email' ? undefined : htmlPattern(limits.pattern);
  if (pattern !== undefined) attributes.set('pattern', pattern);
}

function setNumberLimits(attributes: Attributes, limits: FieldLimits, isInteger: boolean): void {
  const least = lowest(limits, isInteger);
  const most = highest(limits, isInteger);
  if (least !== undefined) attributes.set('min', String(least));
  if (most !== undefined) attributes.set('max', String(most));
  const { multipleOf } = limits;
  const isOnSteps = multipleOf !== undefined && (least === undefined || isMultiple(least, multipleOf));
  if (isOnSteps) attributes.set('step', String(multipleOf));
  else if (!isInteger) attributes.set('step', 'any');
}

/** Bounds at the end of what a double holds exactly are those of the type, not of the field. */
function lowest({ minimum, exclusiveMinimum }: FieldLimits, isInteger: boolean): number | undefined {
  const bound =
    minimum ?? (isInteger && exclusiveMinimum !== undefined ? Math.floor(exclusiveMinimum) + 1 : undefined);
  if (bound === undefined || bound <= Number.MIN_SAFE_INTEGER) return undefined;
  return isInteger ? Math.ceil(bound) : bound;
}

function highest({ maximum, exclusiveMaximum }: FieldLimits, isInteger: boolean): number | undefined {
  const bound =
    maximum ?? (isInteger && exclusiveMaximum !== undefined ? Math.ceil(exclusiveMaximum) - 1 : undefined);
  if (bound === undefined || bound >= Number.MAX_SAFE_INTEGER) return undefined;
  return isInteger ? Math.floor(bound) : bound;
}

function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

/**
 * A pattern of JSON Schema as HTML takes it: HTML's must match the whole value, and is read with the `v` flag. Undefined where
 * HTML would read it in another way.
 */
function htmlPattern(pattern: string | undefined): string | undefined {
  if (pattern === undefined || !isCaseless(pattern) || expression(pattern, 'v') === undefined)
    return undefined;
  const isAnchored = /^\^(?:[^|\\]|\\.)*\$$/.test(pattern);
  return isAnchored ? pattern.slice(1, -1) : `[\\s\\S]*(?:${pattern})[\\s\\S]*`;
}

/** Whether a pattern means the same with and without the flag `i`, which JSON Schema does not tell. */
function isCaseless(pattern: string): boolean {
  return !/[A-Za-z]|\\[pPux]/.test(pattern.replace(/\\[dDsSwWbB]/g, ''));
}

function expression(pattern: string, flags: string): RegExp | undefined {
  try {
    // linear: a pattern of the site's own schema, which is compiled and tried on the empty text only
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
