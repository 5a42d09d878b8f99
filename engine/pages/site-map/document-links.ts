// The links, resources and anchors of a sample document.

import { HOLE, type SourceOffset } from '../../compiler/outline/possible-value.ts';
import type { SampleDocument } from '../../compiler/outline/sample-document.ts';
import { attributeOf, attributeTexts } from './document-attributes.ts';
import { placeOf, type TagPlace, unknownMarkup } from './document-forms.ts';

/** A link or resource of a page. */
export interface LinkFact {
  /** `link`: a visitor follows it. `resource`: the browser loads it. */
  readonly kind: 'link' | 'resource';
  /** As written: `<a href>`. */
  readonly element: string;
  /** The targets, with holes. */
  readonly texts: readonly string[];
  readonly place: TagPlace;
}

/** An element with an id that is spelt out, or `<a name>`. */
export interface AnchorFact extends SourceOffset {
  readonly name: string;
}

/** The anchors of a document. */
export interface Anchors {
  readonly names: ReadonlySet<string>;
  readonly places: readonly AnchorFact[];
  /** Whether there may be others: one is computed, or unknown markup is printed. */
  readonly isOpen: boolean;
}

/** The attributes with one URL, by element. */
const URLS: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  area: ['href'],
  link: ['href'],
  script: ['src'],
  img: ['src'],
  iframe: ['src'],
  frame: ['src'],
  source: ['src'],
  track: ['src'],
  video: ['src', 'poster'],
  audio: ['src'],
  embed: ['src'],
  input: ['src', 'formaction'],
  button: ['formaction'],
  object: ['data'],
};
const FOLLOWED: ReadonlySet<string> = new Set(['a', 'area']);
/** Links that are hints about other hosts, or that no browser loads. */
const SKIPPED_RELATIONS = /\b(?:preconnect|dns-prefetch|canonical|profile|pingback)\b/i;

export function linksOf(document: SampleDocument): LinkFact[] {
  return document.tags.flatMap((tag) => {
    if (tag.kind === 'end') return [];
    const relation = tag.name === 'link' ? (attributeTexts(tag, 'rel') ?? []).join(' ') : '';
    if (SKIPPED_RELATIONS.test(relation)) return [];
    return (URLS[tag.name] ?? []).flatMap((name): LinkFact[] => {
      const attribute = attributeOf(tag, name);
      if (attribute === undefined) return [];
      const kind = FOLLOWED.has(tag.name) ? 'link' : 'resource';
      const place = attribute.literal ?? placeOf(document, attribute.start);
      return [{ kind, element: `<${tag.name} ${name}>`, texts: attribute.texts, place }];
    });
  });
}

/** The URL that `<base href>` gives; undefined without one, a hole if it is computed. */
export function baseOf(document: SampleDocument): string | undefined {
  const tag = document.tags.find(({ kind, name }) => kind === 'start' && name === 'base');
  const texts = tag && attributeTexts(tag, 'href');
  return texts === undefined || texts.length === 1 ? texts?.[0] : HOLE;
}

/** @param areLocalsMarkup whether a guard may put markup on LOCALS */
export function anchorsOf(document: SampleDocument, areLocalsMarkup: boolean): Anchors {
  const names = new Set<string>();
  const places: AnchorFact[] = [];
  let isOpen = unknownMarkup(document, areLocalsMarkup).length > 0;
  for (const tag of document.tags) {
    if (tag.kind === 'end') continue;
    isOpen ||= tag.isOpen;
    for (const attribute of tag.attributes) {
      if (attribute.name !== 'id' && !(attribute.name === 'name' && tag.name === 'a')) continue;
      for (const text of attribute.texts) {
        if (text.includes(HOLE)) {
          isOpen = true;
          continue;
        }
        names.add(text);
        places.push({ name: text, ...(attribute.literal ?? placeOf(document, attribute.start)) });
      }
    }
  }
  return { names, places, isOpen };
}
