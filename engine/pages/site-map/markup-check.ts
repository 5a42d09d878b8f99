// Findings about HTML that browsers would repair, and about ids, labels and images (docs/describe.md).

import { HOLE } from '../../compiler/outline/possible-value.ts';
import type { SampleDocument } from '../../compiler/outline/sample-document.ts';
import { type Warning, warning } from '../../diagnostics/problem.ts';
import { attributeOf, attributeTexts } from './document-attributes.ts';
import { placeOf, type TagPlace } from './document-forms.ts';
import type { Anchors } from './document-links.ts';
import { type Repair, repairsOf } from './document-repairs.ts';
import { type FindingPlace, nearestHint } from './site-findings.ts';
import type { PageSamples } from './site-pages.ts';

type PlaceOf = (place: TagPlace) => FindingPlace;

/** The warnings about the documents of one page. */
export function markupWarnings({ documents, mixed }: PageSamples, anchors: Anchors, at: PlaceOf): Warning[] {
  const found = [...repairWarnings(documents, at), ...sameIdWarnings(documents, at)];
  const all = found.length === 0 ? documents : [...documents, ...mixed()];
  const betweenTags = found.length === 0 ? found : [...repairWarnings(all, at), ...sameIdWarnings(all, at)];
  return [
    ...betweenTags,
    ...documents.flatMap((document) => [
      ...labelWarnings(document, anchors, at),
      ...imageWarnings(document, at),
    ]),
  ];
}

/** A repair counts only if all samples with that tag have it: branches that exclude each other may print half an element each. */
function repairWarnings(documents: readonly SampleDocument[], at: PlaceOf): Warning[] {
  const repaired = documents.map((document) => ({ document, all: repairsOf(document) }));
  if (repaired.every(({ all }) => all.length === 0)) return [];
  const samples = repaired.map(({ document, all }) => ({ document, ...placedRepairs(document, all) }));
  const found = new Map<string, Warning>();
  for (const { document, repairs } of samples)
    for (const [key, { repair, tag }] of repairs) {
      if (found.has(key) || !samples.every((sample) => sample.repairs.has(key) || !sample.tags.has(tag)))
        continue;
      found.set(
        key,
        repairWarning(repair, (offset) => at(placeOf(document, offset)), document),
      );
    }
  return [...found.values()];
}

interface PlacedRepairs {
  /** The repairs by code and place, each with the place of its tag. */
  readonly repairs: ReadonlyMap<string, { readonly repair: Repair; readonly tag: string }>;
  /** The places of all tags. */
  readonly tags: ReadonlySet<string>;
}

function placedRepairs(document: SampleDocument, all: readonly Repair[]): PlacedRepairs {
  const keyAt = (offset: number) => {
    const { file, offset: at } = placeOf(document, offset);
    return `${file}:${at}`;
  };
  const isUnknown = document.values.some(({ piece }) => piece.kind === 'raw' || piece.kind === 'unknown');
  const repairs = new Map<string, { repair: Repair; tag: string }>();
  for (const repair of all) {
    if (isUnknown && !IN_ONE_TAG.has(repair.code)) continue;
    const tag = document.tags.find(({ start, end }) => start <= repair.at && repair.at < end);
    const start = tag?.start ?? repair.at;
    // An earlier round of a loop, which no sample has, may print the other tag.
    if (document.placeAt(start)?.piece.doubt === 'carried' && !IN_ONE_TAG.has(repair.code)) continue;
    const place = keyAt(start);
    repairs.set(`${repair.code} ${repair.subject} ${place}`, { repair, tag: place });
  }
  return { repairs, tags: new Set(document.tags.map(({ start }) => keyAt(start))) };
}

/** Repairs for which no other tag matters. */
const IN_ONE_TAG: ReadonlySet<Repair['code']> = new Set(['markup-syntax', 'attribute-twice']);

function repairWarning(
  { code, subject, repair = '', at }: Repair,
  placeAt: (offset: number) => FindingPlace,
  document: SampleDocument,
): Warning {
  switch (code) {
    case 'markup-syntax':
      return warning(code, { ...placeAt(at), params: { reason: subject } });
    case 'attribute-twice': {
      // parse5 reports the end of the name.
      const name = lastWord(document.html.slice(0, at));
      return warning(code, { ...placeAt(at - name.length), params: { name } });
    }
    case 'markup-misplaced':
      return warning(code, { ...placeAt(at), params: { element: subject, repair } });
    default:
      return warning(code, { ...placeAt(at), params: { element: subject } });
  }
}

function lastWord(text: string): string {
  let start = text.length;
  while (start > 0 && !/[\s"'/]/.test(text.charAt(start - 1))) start--;
  return text.slice(start);
}

/** As with repairs, two elements with one id count only if they are together in all samples that have the second one. */
function sameIdWarnings(documents: readonly SampleDocument[], at: PlaceOf): Warning[] {
  const samples = documents.map(sameIds);
  const found = new Map<string, Warning>();
  for (const { twice } of samples)
    for (const [key, { id, place, other }] of twice) {
      if (found.has(key) || !samples.every((sample) => sample.twice.has(key) || !sample.places.has(key)))
        continue;
      found.set(
        key,
        warning('id-twice', { ...at(place), params: { id, other: otherTag(place, other, at) } }),
      );
    }
  return [...found.values()];
}

function otherTag(place: TagPlace, other: TagPlace, at: PlaceOf): string {
  if (place.file === other.file && place.offset === other.offset) return 'its tag is printed more than once';
  const { file, line } = at(other);
  return `the other one is in ${file.slice(file.lastIndexOf('/') + 1)}:${line}`;
}

interface SameIds {
  /** The second elements with an id, by id and place. */
  readonly twice: ReadonlyMap<
    string,
    { readonly id: string; readonly place: TagPlace; readonly other: TagPlace }
  >;
  /** The ids of the document with their places. */
  readonly places: ReadonlySet<string>;
}

function sameIds(document: SampleDocument): SameIds {
  const first = new Map<string, TagPlace>();
  const twice = new Map<string, { id: string; place: TagPlace; other: TagPlace }>();
  const places = new Set<string>();
  for (const tag of document.tags) {
    const attribute = tag.kind === 'start' ? attributeOf(tag, 'id') : undefined;
    const [id, ...others] = attribute?.texts ?? [];
    if (attribute === undefined || id === undefined || id === '' || others.length > 0 || id.includes(HOLE))
      continue;
    const place = placeOf(document, attribute.start);
    const key = `${id} ${place.file}:${place.offset}`;
    const other = first.get(id);
    // Where one tag is repeated, a condition may be true in one round of the loop only.
    const isDoubted = document.placeAt(attribute.start)?.piece.doubt !== undefined;
    const isRepeated = other?.file === place.file && other.offset === place.offset;
    if (other === undefined) first.set(id, place);
    else if (!isRepeated || !isDoubted) twice.set(key, { id, place, other });
    places.add(key);
  }
  return { twice, places };
}

function labelWarnings(document: SampleDocument, { names, isOpen }: Anchors, at: PlaceOf): Warning[] {
  if (isOpen) return [];
  return document.tags.flatMap((tag): Warning[] => {
    const attribute = tag.name === 'label' && tag.kind === 'start' ? attributeOf(tag, 'for') : undefined;
    const missing = attribute?.texts.find((id) => !id.includes(HOLE) && !names.has(id));
    if (attribute === undefined || missing === undefined) return [];
    const params = { id: missing, nearest: nearestHint(missing, names) };
    return [warning('label-without-field', { ...at(placeOf(document, attribute.start)), params })];
  });
}

function imageWarnings(document: SampleDocument, at: PlaceOf): Warning[] {
  const silent = document.tags.filter(
    (tag) =>
      tag.kind === 'start' &&
      tag.name === 'img' &&
      !tag.isOpen &&
      !tag.attributes.some(({ name }) => /(?:^|[:.])alt$/.test(name)) &&
      !(attributeTexts(tag, 'aria-hidden') ?? []).includes('true'),
  );
  return silent.map(({ start }) => warning('image-without-alt', at(placeOf(document, start))));
}
