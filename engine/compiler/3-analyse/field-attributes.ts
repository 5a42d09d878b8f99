// Outputs that print the attributes of a form field: `<input <%= form.attrs('email') %>>` (docs/forms.md).

import type { Expression } from 'acorn';
import type { FieldTag } from '../../forms/form-attributes.ts';
import type { Segment } from '../1-scan/segments.ts';
import { type MarkupTag, markupOf } from './markup.ts';

/** The elements whose attributes `attrs` knows. */
const FIELD_ELEMENTS: ReadonlySet<string> = new Set(['input', 'select', 'textarea', 'option']);

/** Whether an output's whole expression is a call of a member `attrs`. */
export function isAttrsCall(expression: Expression): boolean {
  if (expression.type !== 'CallExpression') return false;
  const { callee } = expression;
  return (
    callee.type === 'MemberExpression' &&
    !callee.computed &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'attrs'
  );
}

/** Finds the tags around outputs; the markup of a page is read when the first one asks. */
export class FieldTags {
  readonly #source: string;
  readonly #segments: readonly Segment[];
  #tags: readonly MarkupTag[] | undefined;

  constructor(source: string, segments: readonly Segment[]) {
    this.#source = source;
    this.#segments = segments;
  }

  /** The blank that attributes at an offset need in front of them; '' where the page has one. */
  blankBefore(offset: number): string {
    return /[\t\n\f\r ]/.test(this.#source.charAt(offset - 1)) ? '' : ' ';
  }

  /** The tag of a form field around an offset; undefined where it is none. */
  around(offset: number): FieldTag | undefined {
    this.#tags ??= markupOf(this.#source, this.#segments);
    const tag = this.#tags.find(({ kind, start, end }) => kind === 'start' && start < offset && offset < end);
    if (tag === undefined || !FIELD_ELEMENTS.has(tag.name)) return undefined;
    const written = tag.attributes.map(({ name, value }) => [name, value ?? null] as const);
    return { name: tag.name, written: Object.fromEntries(written) };
  }
}
