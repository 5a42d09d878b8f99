// Attributes of a tag in a sample document.

import type { DocumentAttribute, DocumentTag } from '../../compiler/outline/sample-document.ts';

/** The attribute of a name; undefined without one. */
export function attributeOf(tag: DocumentTag, name: string): DocumentAttribute | undefined {
  return tag.attributes.find((attribute) => attribute.name === name);
}

/** The values that an attribute may have, with holes; undefined without one. */
export function attributeTexts(tag: DocumentTag, name: string): readonly string[] | undefined {
  return attributeOf(tag, name)?.texts;
}
