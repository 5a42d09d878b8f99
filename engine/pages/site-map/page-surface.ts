// The surface of a page is its exchange with browsers. Its forms, links and anchors come from all samples of what it prints, its
// reads from its own code, that of its parts and layouts, and that of the guards before it.

import type { OutlinedPage } from '../../compiler/outline/outlined-source.ts';
import type { SampleDocument } from '../../compiler/outline/sample-document.ts';
import { type FormFact, type FormField, formsOf } from './document-forms.ts';
import { type Anchors, anchorsOf, baseOf, type LinkFact, linksOf } from './document-links.ts';
import type { PageSummary } from './page-summary.ts';
import type { SitePages } from './site-pages.ts';

/** The surface of one page. */
export interface PageSurface {
  readonly file: string;
  /** The page, its parts and its layouts. */
  readonly parts: readonly PageSummary[];
  /** The guards that run before it, the outermost first. */
  readonly guards: readonly PageSummary[];
  readonly forms: readonly FormFact[];
  /** The names of fields that stand in no form. */
  readonly looseNames: ReadonlySet<string>;
  readonly links: readonly LinkFact[];
  readonly anchors: Anchors;
  /** The URL of `<base>`; undefined without. */
  readonly base: string | undefined;
  /** The words of scripts: a script may send fields and make anchors of these names. */
  readonly scripts: string;
}

/** The page, its parts and layouts, and its guards: all files whose code runs for a request of the page. */
export function runningFiles({ parts, guards }: PageSurface): readonly PageSummary[] {
  return guards.length === 0 ? parts : [...parts, ...guards];
}

/** The part of a site that a surface depends on. */
interface AroundPage {
  /** The guards that run before the page. */
  readonly guards: readonly PageSummary[];
  /** Whether a guard may put markup on LOCALS. */
  readonly areLocalsMarkup: boolean;
}

/** The surface of a page. */
export function surfaceOf(
  page: OutlinedPage,
  documents: readonly SampleDocument[],
  pages: SitePages,
  { guards, areLocalsMarkup }: AroundPage = { guards: [], areLocalsMarkup: false },
): PageSurface {
  const parts = partsOf(page, pages);
  const found = documents.map((document) => formsOf(document, areLocalsMarkup));
  return {
    file: page.file,
    parts,
    guards,
    forms: mergedForms(found.flatMap(({ forms }) => forms)),
    looseNames: new Set(found.flatMap(({ looseNames }) => looseNames)),
    links: mergedLinks(documents.flatMap(linksOf)),
    anchors: mergedAnchors(documents.map((document) => anchorsOf(document, areLocalsMarkup))),
    base: documents.map(baseOf).find((base) => base !== undefined),
    scripts: [...new Set(documents.map(({ scripts }) => scripts))].join('\n'),
  };
}

/** The page with the parts and layouts that it names by literal paths, directly or not. */
function partsOf({ file }: OutlinedPage, pages: SitePages): PageSummary[] {
  const found = new Map([[file, pages.summary(file)]]);
  for (const [from, summary] of found)
    for (const { path } of [...(summary?.includes ?? []), ...(summary?.layouts ?? [])]) {
      const part = pages.named(path, from)?.file;
      if (part !== undefined && !found.has(part)) found.set(part, pages.summary(part));
    }
  return [...found.values()].filter((summary) => summary !== undefined);
}

/** A form that several samples have, or that a loop prints several times, is one form with all fields. */
function mergedForms(forms: readonly FormFact[]): FormFact[] {
  const merged = new Map<string, FormFact>();
  for (const form of forms) {
    const key = `${form.place.file}:${form.place.offset}:${form.actions?.join(' ')}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? form : bothForms(known, form));
  }
  return [...merged.values()].map((form) => ({ ...form, fields: mergedFields(form.fields) }));
}

function bothForms(a: FormFact, b: FormFact): FormFact {
  return {
    ...a,
    methods: [...new Set([...a.methods, ...b.methods])],
    buttonActions: [...new Set([...a.buttonActions, ...b.buttonActions])],
    enctypes: [...new Set([...a.enctypes, ...b.enctypes])],
    isOpen: a.isOpen || b.isOpen,
    handles: [...new Set([...a.handles, ...b.handles])],
    isScripted: a.isScripted || b.isScripted,
    isValidated: a.isValidated && b.isValidated,
    fields: [...a.fields, ...b.fields],
  };
}

function mergedFields(fields: readonly FormField[]): FormField[] {
  const merged = new Map<string, FormField>();
  for (const field of fields) {
    const key = `${field.place.file}:${field.place.offset}:${field.names.join(' ')}`;
    const known = merged.get(key);
    const isRequired = field.isRequired || known?.isRequired === true;
    merged.set(key, { ...field, isRequired });
  }
  return [...merged.values()];
}

function mergedLinks(links: readonly LinkFact[]): LinkFact[] {
  const merged = new Map(
    links.map((link) => [`${link.place.file}:${link.place.offset}:${link.texts.join(' ')}`, link] as const),
  );
  return [...merged.values()];
}

function mergedAnchors(anchors: readonly Anchors[]): Anchors {
  const places = anchors.flatMap((each) => each.places);
  return {
    names: new Set(anchors.flatMap(({ names }) => [...names])),
    places: [
      ...new Map(places.map((place) => [`${place.name} ${place.file}:${place.offset}`, place])).values(),
    ],
    isOpen: anchors.some(({ isOpen }) => isOpen),
  };
}
