// The names that a page can use because other pages of the site use them: fields, sections, session attributes and anchors.

import { relative } from 'node:path';
import type { FormCall } from '../../compiler/outline/page-reads.ts';
import { addressOfRoot, readFields, targetsOf } from '../site-map/received-fields.ts';
import { type Address, addressOf, pathOfPage, type SurfaceAddress } from '../site-map/site-addresses.ts';
import { nameOfFile } from '../site-map/site-findings.ts';
import { paramsOf } from '../type-check/typed-modules.ts';
import type { EditedSiteMap } from './edited-site-map.ts';

/** A name with the pages that use it, by their paths below root_dir. */
export interface OfferedName {
  readonly name: string;
  readonly pages: readonly string[];
}

/** A call of Form in a page; its schema tells fields. */
export interface SchemaPlace extends FormCall {
  readonly file: string;
}

/** The fields that the receiver of a form reads. */
export interface ReceivedFields {
  readonly fields: readonly OfferedName[];
  readonly schemas: readonly SchemaPlace[];
}

/**
 * The fields that a form may send.
 * @param file the page or part that the form, or a piece of it, is written in
 * @param action the target of the form, with holes; undefined for fields whose form another page opens
 */
export function receivedFields(map: EditedSiteMap, file: string, action: string | undefined): ReceivedFields {
  const targets = action === undefined ? targetsAround(map, file) : addressesOf(map, file, action);
  const files = new Set(targets.map((target) => target.file).filter((target) => target !== undefined));
  const fields = new Names(map.root);
  const schemas: SchemaPlace[] = [];
  for (const target of files) {
    const page = map.page(target);
    if (page === undefined) continue;
    const read = readFields(page.surface, () => undefined);
    for (const name of [...read.names.keys(), ...read.declared]) fields.add(name, target);
    for (const part of page.surface.parts)
      schemas.push(...part.reads.forms.map((form) => ({ ...form, file: part.file })));
  }
  return { fields: fields.all, schemas };
}

/** The targets of a URL that a page or part writes, from each page that it is printed in. */
function addressesOf(map: EditedSiteMap, file: string, url: string): Address[] {
  const bases = map.pagesWith(file).map(addressOfRoot);
  const own: SurfaceAddress = { file, path: pathOfPage(map.root, file), base: undefined };
  return (bases.length > 0 ? bases : [own])
    .map((base) => addressOf(url, base, map))
    .filter(({ kind }) => kind === 'page');
}

/** The targets of the forms that a part prints fields into. */
function targetsAround(map: EditedSiteMap, file: string): Address[] {
  return map.pagesWith(file).flatMap((page) => {
    const forms = page.surface.forms.filter(({ fields }) => fields.some(({ place }) => place.file === file));
    return forms.flatMap((form) => targetsOf(form, addressOfRoot(page), map));
  });
}

/** A field that forms, links or redirects send. */
export interface OfferedField extends OfferedName {
  /** The types of its inputs; none in a link. */
  readonly types: readonly string[];
}

/** The fields that are sent to a page, or to the pages that a part belongs to. */
export function sentFields(map: EditedSiteMap, file: string): OfferedField[] {
  const receivers = new Set(map.pagesWith(file).map(({ surface }) => surface.file)).add(file);
  const names = new Names(map.root);
  const types = new Map<string, Set<string>>();
  for (const [page, { receiver, fields }] of map.sendings()) {
    if (!receivers.has(receiver)) continue;
    for (const field of fields) {
      names.add(field.name, page.surface.file);
      types.set(field.name, new Set([...(types.get(field.name) ?? []), ...field.types]));
    }
  }
  return names.all.map((each) => ({ ...each, types: [...(types.get(each.name) ?? [])] }));
}

/**
 * The sections that a file can set or show.
 * @param kind the use that the names are offered for: a page sets what its layouts show, and a layout shows what its pages set
 */
export function sectionNames(map: EditedSiteMap, file: string, kind: 'set' | 'shown'): OfferedName[] {
  const names = new Names(map.root);
  for (const { surface } of map.pagesWith(file))
    for (const part of surface.parts)
      for (const use of part.sections.uses) if (use.kind !== kind) names.add(use.name, part.file);
  return names.all;
}

/** The parameters of the URLs of the pages that have a file. */
export function paramNames(map: EditedSiteMap, file: string): OfferedName[] {
  const names = new Names(map.root);
  for (const page of new Set([file, ...map.pagesWith(file).map(({ surface }) => surface.file)]))
    for (const name of paramsOf(relative(map.root, page))) names.add(name, page);
  return names.all;
}

/** The session attributes that the site uses. */
export function sessionAttributes(map: EditedSiteMap): OfferedName[] {
  const names = new Names(map.root);
  for (const { surface } of map.pages)
    for (const { file, session } of surface.parts)
      for (const { name } of session.attributes) names.add(name, file);
  return names.all;
}

/** The anchors of the page or static HTML that a URL without its fragment leads to. */
export function anchorNames(map: EditedSiteMap, file: string, url: string): OfferedName[] {
  const names = new Names(map.root);
  for (const { file: target } of addressesOf(map, file, url)) {
    const page = target === undefined ? undefined : map.page(target);
    for (const name of page?.surface.anchors.names ?? []) names.add(name, page?.surface.file ?? '');
  }
  return names.all;
}

/** Names in the order in which they are found. */
class Names {
  readonly #root: string;
  readonly #pages = new Map<string, Set<string>>();

  constructor(root: string) {
    this.#root = root;
  }

  add(name: string, file: string): void {
    this.#pages.set(name, (this.#pages.get(name) ?? new Set<string>()).add(file));
  }

  get all(): OfferedName[] {
    return [...this.#pages].map(([name, files]) => ({
      name,
      pages: [...files].map((file) => nameOfFile(this.#root, file)),
    }));
  }
}
