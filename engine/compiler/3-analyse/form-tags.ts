// The start tags of forms in the texts of a page (docs/exactly-once.md). Where a page with Once may get the form, the emitter
// prints a token behind the tag. The contexts of the flow decide what is a tag: no markup in scripts and comments is one.

import type { Context } from '../../escaping/context.ts';
import { afterText } from '../../escaping/transition.ts';
import { tagAttributes } from '../../forms/tag-attributes.ts';
import type { TextSegment } from '../1-scan/segments.ts';
import type { PostFormFact } from '../facts.ts';
import type { TextNote } from './flow/flow-notes.ts';
import { isElementText } from './flow/flow-state.ts';

/** A place in a text where a tag of a form begins, or behind which it ends. */
export type FormMark =
  /** The whole tag is in the text. */
  | { readonly kind: 'tag'; readonly index: number; readonly tag: string }
  /** The tag goes on behind code, so that its text is known only when it is printed. */
  | { readonly kind: 'begin' | 'end'; readonly index: number };

/** The forms of a page. */
export interface FormTags {
  readonly marks: ReadonlyMap<TextSegment, readonly FormMark[]>;
  readonly facts: readonly PostFormFact[];
}

export function formTagsOf(texts: ReadonlyMap<TextSegment, TextNote>): FormTags {
  const marks = new Map<TextSegment, readonly FormMark[]>();
  const facts: PostFormFact[] = [];
  for (const [segment, { context }] of texts) {
    const found = marksIn(segment.value, context, facts);
    if (found.length > 0) marks.set(segment, found);
  }
  return { marks, facts };
}

/** Forms that are certainly sent by GET get no mark. */
function marksIn(text: string, from: Context, facts: PostFormFact[]): FormMark[] {
  if (!isInFormTag(from) && !/<form/i.test(text)) return [];
  const marks: FormMark[] = [];
  let context = from;
  let read = 0;
  let begun: number | undefined;
  for (const { 0: bracket, index } of text.matchAll(/[<>]/g)) {
    context = afterText(context, text.slice(read, index)).context;
    read = index;
    if (bracket === '<') {
      if (isElementText(context) && FORM.test(text.slice(index, index + 6))) begun = index;
    } else if (isInFormTag(context)) {
      context = afterText(context, bracket).context;
      read = index + 1;
      if (!isElementText(context)) continue;
      if (begun === undefined) marks.push({ kind: 'end', index: read });
      else marks.push(...wholeTag(text.slice(begun, read), read, facts));
      begun = undefined;
    }
  }
  if (begun === undefined) return marks;
  facts.push({ action: undefined });
  return [...marks, { kind: 'begin', index: begun }];
}

/** A tag name ends at a blank, a slash, the end of the tag or the end of the text. */
const FORM = /^<form(?:[\t\n\f\r />]|$)/i;

function isInFormTag({ element, state }: Context): boolean {
  return element === 'form' && state !== 'data' && state !== 'content';
}

function wholeTag(tag: string, index: number, facts: PostFormFact[]): FormMark[] {
  const attributes = tagAttributes(tag);
  if (attributes?.get('method')?.toLowerCase() !== 'post') return [];
  facts.push({ action: attributes.get('action') ?? '' });
  return [{ kind: 'tag', index, tag }];
}
