// The forms of a sample document, with the fields that a browser would send.

import { HOLE, type SourceOffset } from '../../compiler/outline/possible-value.ts';
import type { DocumentTag, SampleDocument } from '../../compiler/outline/sample-document.ts';
import { attributeOf, attributeTexts } from './document-attributes.ts';

/** The position of a tag or attribute in the source of a page, or of the literal that gives its value. */
export type TagPlace = SourceOffset;

/** A field of a form. */
export interface FormField {
  /** The names that it may have, without holes; a list ends in `[]`. */
  readonly names: readonly string[];
  /** The types of an `<input>` or `<button>` that it may have, else the name of the element. */
  readonly types: readonly string[];
  readonly isRequired: boolean;
  readonly isMultiple: boolean;
  /** Whether a browser may leave it out: a checkbox, a disabled field, a button. */
  readonly isOptional: boolean;
  /** Whether `form.attrs()` prints its name. The schema tells then whether it is a list. */
  readonly isFromSchema: boolean;
  readonly place: TagPlace;
}

/** A form. */
export interface FormFact {
  readonly place: TagPlace;
  readonly methods: readonly string[];
  /** The targets as they are written, with holes; undefined: the page itself. */
  readonly actions: readonly string[] | undefined;
  /** The place of the action; undefined without one. */
  readonly actionPlace: TagPlace | undefined;
  /** The targets that buttons have instead, with holes. */
  readonly buttonActions: readonly string[];
  readonly enctypes: readonly string[];
  /** Whether fields may be missing here: some have computed names, or markup is printed that is not known. */
  readonly isOpen: boolean;
  /** Whether a script may send the form in its own way. */
  readonly isScripted: boolean;
  /** Its id and classes, by which scripts find it. */
  readonly handles: readonly string[];
  readonly isValidated: boolean;
  /** Whether code prints its tag, so that it gets no token. */
  readonly isFromCode: boolean;
  readonly fields: readonly FormField[];
}

/** The forms of a document, and the names of fields that stand in none of them, which scripts may send. */
export interface DocumentForms {
  readonly forms: readonly FormFact[];
  readonly looseNames: readonly string[];
}

interface Building {
  readonly tag: DocumentTag;
  readonly id: string | undefined;
  readonly fields: FormField[];
  end: number;
  isOpen: boolean;
  /** Methods, targets and encodings of its buttons. */
  readonly methods: string[];
  readonly actions: string[];
  readonly enctypes: string[];
}

/** Attributes by which frameworks and scripts send a form. */
const SCRIPTED = /^(?:on|@|x-|v-|hx-|data-on|data-hx|\(|ng-|up-|unpoly|data-remote|data-turbo)/;
const FIELDS: ReadonlySet<string> = new Set([
  'input',
  'select',
  'textarea',
  'button',
  'output',
  'fieldset',
  'object',
]);

/**
 * The forms of a document.
 * @param areLocalsMarkup whether a guard may put markup on LOCALS
 */
export function formsOf(document: SampleDocument, areLocalsMarkup: boolean): DocumentForms {
  const forms: Building[] = [];
  const looseNames: string[] = [];
  const owned: (readonly [DocumentTag, Building | undefined])[] = [];
  let current: Building | undefined;
  for (const tag of document.tags) {
    if (tag.name === 'form') {
      if (tag.kind === 'end') {
        if (current !== undefined) current.end = tag.end;
        current = undefined;
      } else if (current === undefined) {
        current = building(tag, document.html.length);
        forms.push(current);
      }
    } else if (tag.kind === 'start' && FIELDS.has(tag.name)) owned.push([tag, current]);
    else if (tag.kind === 'start' && tag.name.includes('-') && current !== undefined) current.isOpen = true;
  }
  for (const [tag, around] of owned) {
    const [id] = attributeTexts(tag, 'form') ?? [];
    const owner = id === undefined ? around : forms.find((form) => form.id === id);
    if (id?.includes(HOLE)) for (const form of forms) form.isOpen = true;
    else if (owner !== undefined) addField(tag, owner, document);
    else looseNames.push(...(attributeTexts(tag, 'name') ?? []));
  }
  noteUnknownMarkup(unknownMarkup(document, areLocalsMarkup), forms);
  return { forms: forms.map((form) => formFact(form, document)), looseNames };
}

function building(tag: DocumentTag, end: number): Building {
  const [id] = attributeTexts(tag, 'id') ?? [];
  return { tag, id, fields: [], end, isOpen: tag.isOpen, methods: [], actions: [], enctypes: [] };
}

/** Markup that is not known may hold fields. */
function noteUnknownMarkup(values: SampleDocument['values'], forms: readonly Building[]): void {
  for (const { at } of values) {
    for (const form of forms) if (form.tag.start < at && at <= form.end) form.isOpen = true;
  }
}

function addField(tag: DocumentTag, form: Building, document: SampleDocument): void {
  form.methods.push(...(attributeTexts(tag, 'formmethod') ?? []));
  form.actions.push(...(attributeTexts(tag, 'formaction') ?? []));
  form.enctypes.push(...(attributeTexts(tag, 'formenctype') ?? []));
  if (tag.name === 'fieldset' || tag.name === 'output') return;
  if (tag.isOpen) form.isOpen = true;
  const attribute = attributeOf(tag, 'name');
  const texts = tag.attrs ?? attribute?.texts;
  if (texts === undefined) return;
  const names = texts.filter((name) => name !== '' && !name.includes(HOLE));
  if (names.length < texts.filter((name) => name !== '').length) form.isOpen = true;
  const types = typesOf(tag);
  if (tag.name === 'object') return;
  const field: FormField = {
    names: types.includes('image') ? names.flatMap((name) => [`${name}.x`, `${name}.y`]) : names,
    types,
    isRequired: attributeOf(tag, 'required') !== undefined || tag.attrs !== undefined,
    isMultiple: attributeOf(tag, 'multiple') !== undefined,
    isOptional: types.some((type) => OPTIONAL.has(type)) || attributeOf(tag, 'disabled') !== undefined,
    isFromSchema: tag.attrs !== undefined,
    place: tag.attrsLiteral ?? attribute?.literal ?? placeOf(document, attribute?.start ?? tag.start),
  };
  form.fields.push(field);
}

const OPTIONAL: ReadonlySet<string> = new Set([
  'checkbox',
  'radio',
  'submit',
  'button',
  'reset',
  'image',
  'hidden',
]);

function typesOf(tag: DocumentTag): readonly string[] {
  if (tag.name === 'input' && tag.attrs !== undefined && attributeOf(tag, 'type') === undefined)
    return [HOLE];
  if (tag.name === 'input')
    return (attributeTexts(tag, 'type') ?? ['text']).map((type) => type.toLowerCase());
  if (tag.name === 'button')
    return (attributeTexts(tag, 'type') ?? ['submit']).map((type) => type.toLowerCase());
  return [tag.name];
}

function formFact(
  { tag, fields, isOpen, methods, actions, enctypes }: Building,
  document: SampleDocument,
): FormFact {
  const action = attributeOf(tag, 'action');
  const lower = (texts: readonly string[]) => texts.map((text) => text.trim().toLowerCase());
  return {
    place: placeOf(document, tag.start),
    methods: lower([...(attributeTexts(tag, 'method') ?? ['get']), ...methods]),
    actions: action?.texts,
    actionPlace: action && (action.literal ?? placeOf(document, action.start)),
    buttonActions: actions,
    enctypes: lower([...(attributeTexts(tag, 'enctype') ?? ['']), ...enctypes]),
    isOpen,
    handles: handlesOf(tag),
    isScripted: tag.isOpen || tag.attributes.some(({ name }) => SCRIPTED.test(name)),
    isValidated: attributeOf(tag, 'novalidate') === undefined,
    isFromCode: isFromCode(document, tag.start),
    fields,
  };
}

function handlesOf(tag: DocumentTag): string[] {
  const texts = ['id', 'class'].flatMap((name) => attributeTexts(tag, name) ?? []);
  return texts.flatMap((text) => text.split(/\s+/)).filter((name) => name !== '' && !name.includes(HOLE));
}

function isFromCode(document: SampleDocument, at: number): boolean {
  const piece = document.placeAt(at)?.piece;
  return piece !== undefined && (piece.kind !== 'text' || piece.isInCode === true);
}

/** The page names that give markup to code. */
export const MARKUP_NAMES: readonly string[] = ['html', 'raw', 'Render'];

/**
 * The values that may be markup of which nothing is known. A printed value may be one where a page makes markup in its code.
 * @param areLocalsMarkup whether a guard may put markup on LOCALS
 */
export function unknownMarkup(
  { values, pages }: SampleDocument,
  areLocalsMarkup: boolean,
): SampleDocument['values'] {
  const names = areLocalsMarkup ? [...MARKUP_NAMES, 'LOCALS'] : MARKUP_NAMES;
  const hasMarkup = [...pages].some(({ free }) => names.some((name) => free.has(name)));
  return hasMarkup ? values : values.filter(({ piece }) => piece.kind !== 'escaped');
}

/** The position in the source of an offset of a document. */
export function placeOf(document: SampleDocument, at: number): TagPlace {
  const found = document.placeAt(at);
  return { file: found?.piece.page.file ?? '', offset: found?.offset ?? 0 };
}
