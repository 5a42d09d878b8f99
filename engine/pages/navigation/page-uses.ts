// The uses of names and files by one page that runs by itself, with its parts and layouts. Uses of one name belong together by
// their key: a field by the page that receives it, a section by the page, a session attribute by the site.

import type { WrittenName } from '../../compiler/outline/page-reads.ts';
import type { SourceOffset } from '../../compiler/outline/possible-value.ts';
import { existingPage } from '../page-closure.ts';
import { fileStamp } from '../site-disk.ts';
import type { FormFact } from '../site-map/document-forms.ts';
import type { PageSummary } from '../site-map/page-summary.ts';
import { addressOfRoot, targetsOf } from '../site-map/received-fields.ts';
import { type Address, type AddressedSite, addressOf } from '../site-map/site-addresses.ts';
import type { RootPage } from '../site-map/site-surfaces.ts';
import type { WrittenPlace } from './written-range.ts';

/** The kind of a name. */
type NameKind = 'field' | 'session attribute' | 'section';

/** One use of a name. */
export interface NameUse extends WrittenPlace, SourceOffset {
  readonly kind: NameKind;
  /** Fields are sent and read, attributes written and read, sections set and shown. `names`: of the object of Form. */
  readonly role: 'gives' | 'takes' | 'names';
  readonly key: string;
  /** Where the field goes; `page` for every other use. */
  readonly target: Address['kind'];
  /** The page that receives the field. */
  readonly receiver: string | undefined;
  readonly isShorthand: boolean;
}

/** One use of a file by its path or URL. */
export interface FileUse extends SourceOffset {
  /** The offset is that of an attribute or literal, of the target of redirect, or of the call of Include, Layout or Render. */
  readonly kind: 'link' | 'redirect' | 'part';
  readonly targets: readonly string[];
}

/** An anchor, or the fragment of a link or redirect that leads to it. */
export interface AnchorUse extends SourceOffset {
  readonly kind: 'anchor' | 'link' | 'redirect';
  readonly name: string;
  /** The page with the anchor. */
  readonly page: string;
}

/** The uses of one page. */
export interface PageUses {
  readonly names: readonly NameUse[];
  readonly anchors: readonly AnchorUse[];
  readonly files: readonly FileUse[];
}

export function usesOfPage(page: RootPage, site: AddressedSite): PageUses {
  const { file, forms, links, parts } = page.surface;
  const base = addressOfRoot(page);
  const names: NameUse[] = [];
  const files: FileUse[] = [];
  const anchors = page.surface.anchors.places.map(
    (place): AnchorUse => ({ ...place, kind: 'anchor', page: file }),
  );
  const noteLink = (kind: 'link' | 'redirect', texts: readonly string[], place: SourceOffset): void => {
    const addresses = texts.map((text) => addressOf(text, base, site));
    const targets = addresses.map(({ file }) => file).filter((file) => file !== undefined);
    if (targets.length > 0) files.push({ ...place, kind, targets });
    for (const { file: target, fragment } of addresses)
      if (target !== undefined && fragment !== undefined)
        anchors.push({ ...place, kind, name: fragment, page: target });
    for (const address of addresses)
      for (const name of address.query ?? [])
        names.push({ ...sentField(name, place, address), isMarkup: kind === 'link', isInQuery: true });
  };
  for (const form of forms) {
    if (form.actionPlace !== undefined) noteLink('link', form.actions ?? [], form.actionPlace);
    names.push(...fieldsOf(form, targetsOf(form, base, site)));
  }
  for (const { texts, place } of links) noteLink('link', texts, place);
  for (const part of parts) {
    for (const { texts, start } of part.reads.redirects)
      noteLink('redirect', texts, { file: part.file, offset: start });
    files.push(...partsOf(part, site));
    names.push(...namesOfPart(part, file));
  }
  return { names, anchors, files };
}

function fieldsOf({ fields }: FormFact, targets: readonly Address[]): NameUse[] {
  return fields.flatMap(({ names, place }) =>
    names.flatMap((name) => targets.map((address) => sentField(name, place, address))),
  );
}

function sentField(
  writtenName: string,
  place: SourceOffset,
  { kind: target, file: receiver }: Address,
): NameUse {
  const name = withoutBrackets(writtenName);
  const to = target === 'page' ? receiver : `${target} ${place.file}:${place.offset}`;
  const key = `field ${name} ${to}`;
  const written = { isMarkup: true, isInQuery: false, isShorthand: false };
  return { ...place, ...written, kind: 'field', name, role: 'gives', key, target, receiver };
}

function namesOfPart({ file, reads, formNames, session, sections }: PageSummary, page: string): NameUse[] {
  const use = (kind: NameKind, { name: written, start, isShorthand }: WrittenName, scope: string) => {
    const name = kind === 'field' ? withoutBrackets(written) : written;
    const receiver = kind === 'field' ? page : undefined;
    const key = `${kind} ${name} ${scope}`;
    const place = { file, offset: start, isMarkup: false, isInQuery: false, isShorthand };
    return { ...place, kind, name, key, receiver, target: 'page' } as const;
  };
  return [
    ...reads.fields.map((read) => ({ ...use('field', read, page), role: 'takes' as const })),
    ...formNames.map((name) => ({ ...use('field', name, page), role: 'names' as const })),
    ...session.attributes.map((attribute) => ({
      ...use('session attribute', attribute, ''),
      role: attribute.kind === 'write' ? ('gives' as const) : ('takes' as const),
    })),
    ...sections.uses.map((section) => ({
      ...use('section', section, page),
      role: section.kind === 'set' ? ('gives' as const) : ('takes' as const),
    })),
  ];
}

function partsOf({ file, includes, layouts, renders }: PageSummary, site: AddressedSite): FileUse[] {
  return [...includes, ...layouts, ...renders].flatMap(({ path, start }): FileUse[] => {
    const target = existingPage({ root: site.root, stamp: fileStamp }, path, file);
    return target === undefined ? [] : [{ kind: 'part', file, offset: start, targets: [target] }];
  });
}

function withoutBrackets(name: string): string {
  return name.endsWith('[]') ? name.slice(0, -2) : name;
}
