// The names of the fields that a page shows as `<input type="password">`: written in the tag, or in the `attrs('name')` inside of it.
// Their values are secret, whatever their names are (docs/forms.md).

import type { Segment } from '../1-scan/segments.ts';
import { isAttrsCall } from './field-attributes.ts';
import { type MarkupTag, markupOf } from './markup.ts';
import type { Survey } from './survey.ts';

/** @param source the page; most pages have no password, so their markup is not read */
export function passwordFields(source: string, segments: readonly Segment[], survey: Survey): string[] {
  if (!/password/i.test(source)) return [];
  const inputs = markupOf(source, segments).filter(isPasswordInput);
  return inputs.flatMap((tag) => [...writtenName(tag), ...namesInCalls(tag, survey)]);
}

function isPasswordInput({ kind, name, attributes }: MarkupTag): boolean {
  if (kind !== 'start' || name !== 'input') return false;
  return attributes.some(
    (attribute) => attribute.name === 'type' && /^password$/i.test(attribute.value ?? ''),
  );
}

function writtenName({ attributes }: MarkupTag): string[] {
  return attributes.flatMap(({ name, value }) => (name === 'name' && value !== undefined ? [value] : []));
}

function namesInCalls({ start, end }: MarkupTag, { calls }: Survey): string[] {
  return [...calls.values()].flatMap((call) => {
    if (call.start < start || call.end > end || !isAttrsCall(call)) return [];
    const [name] = call.arguments;
    return name?.type === 'Literal' && typeof name.value === 'string' ? [name.value] : [];
  });
}
