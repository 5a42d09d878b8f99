// The fields that the pages of a site read, and the fields that its forms, links and redirects send them.

import type { ReadName } from '../../compiler/outline/page-reads.ts';
import { HOLE } from '../../compiler/outline/possible-value.ts';
import type { SchemaField, SchemaOfCall } from '../type-check/told-schemas.ts';
import type { FormFact } from './document-forms.ts';
import { type PageSurface, runningFiles } from './page-surface.ts';
import { type Address, type AddressedSite, addressOf, type SurfaceAddress } from './site-addresses.ts';
import type { RootPage, SiteSurfaces, SurfacedSite } from './site-surfaces.ts';

/** The fields that a page reads. */
export interface ReadFields {
  /** The names as forms write them, each with the first place that reads it. */
  readonly names: ReadonlyMap<string, ReadName & { readonly file: string }>;
  readonly schemas: readonly (readonly SchemaField[])[];
  /** Whether the page may read other fields. */
  readonly isOpen: boolean;
  /** The names of `type Fields`, which others send. */
  readonly declared: ReadonlySet<string>;
}

/** The fields that a page, its parts and its guards read. */
export function readFields(surface: PageSurface, schemaOf: SchemaOfCall): ReadFields {
  const names = new Map<string, ReadName & { readonly file: string }>();
  const schemas: (readonly SchemaField[])[] = [];
  const files = runningFiles(surface);
  let isOpen = false;
  for (const { file, reads } of files) {
    const { fields, forms, hasComputedPart, open } = reads;
    isOpen ||= open !== undefined || hasComputedPart;
    for (const field of fields) if (!names.has(field.name)) names.set(field.name, { ...field, file });
    for (const { start } of forms) {
      const schema = schemaOf(file, start);
      if (schema === undefined) isOpen = true;
      else schemas.push(schema);
    }
  }
  return {
    names,
    schemas,
    isOpen,
    declared: new Set(files.flatMap(({ declaredFields }) => [...declaredFields])),
  };
}

/** The fields that are sent to one page. */
export interface SentFields {
  readonly names: Set<string>;
  /** Whether names may be missing here. */
  isOpen: boolean;
}

/** The fields that a site sends to its pages. */
export interface SentInSite {
  readonly byPage: ReadonlyMap<string, SentFields>;
  /** The names that are sent to targets that are not known, or that scripts may send. */
  readonly anywhere: ReadonlySet<string>;
  /** Whether forms, links or redirects may send other names to targets that are not known. */
  readonly isOpen: boolean;
}

/** Everything that the forms, links and redirects of a site send. */
export function sentInSite(site: SurfacedSite, surfaces: SiteSurfaces): SentInSite {
  const found = { byPage: new Map<string, SentFields>(), anywhere: new Set<string>(), isOpen: false };
  const note = (address: Address, names: readonly string[] | undefined, isOpen: boolean): void => {
    if (address.kind === 'unknown')
      found.isOpen ||= names === undefined || isOpen || address.query === undefined;
    if (address.kind === 'unknown' || address.kind === 'outside')
      for (const name of [...(names ?? []), ...(address.query ?? [])]) found.anywhere.add(name);
    if (address.kind !== 'page' || address.file === undefined) return;
    const sent = found.byPage.get(address.file) ?? { names: new Set<string>(), isOpen: false };
    found.byPage.set(address.file, sent);
    sent.isOpen ||= isOpen || names === undefined || address.query === undefined;
    for (const name of [...(names ?? []), ...(address.query ?? [])]) sent.names.add(name);
  };
  for (const [base, surface] of surfacesWithBase(site, surfaces)) {
    for (const form of surface.forms) {
      const names = namesOf(form);
      if (form.isScripted) for (const name of names) found.anywhere.add(name);
      for (const address of targetsOf(form, base, site)) note(address, names, form.isOpen);
    }
    for (const link of surface.links)
      for (const text of link.texts) note(addressOf(text, base, site), [], text === HOLE);
    for (const name of surface.looseNames) found.anywhere.add(name);
    for (const { reads, queryNames } of runningFiles(surface)) {
      for (const name of queryNames) found.anywhere.add(name);
      for (const { texts } of reads.redirects)
        for (const text of texts) note(addressOf(text, base, site), [], text === HOLE);
    }
  }
  return found;
}

/** The surfaces of pages and static HTML, with the addresses from which their links are resolved. */
export function surfacesWithBase(
  { root }: SurfacedSite,
  { roots, staticHtml }: SiteSurfaces,
): (readonly [SurfaceAddress, PageSurface])[] {
  return [
    ...[...roots.values()].map((page) => [addressOfRoot(page), page.surface] as const),
    ...[...staticHtml].map(([file, surface]) => {
      const path = file.slice(root.length).replaceAll('\\', '/');
      return [{ file, path, base: surface.base }, surface] as const;
    }),
  ];
}

/** The address of a page, from which its links are resolved. */
export function addressOfRoot({ surface, path, hasUrl, isErrorPage }: RootPage): SurfaceAddress {
  return { file: hasUrl ? surface.file : undefined, path, base: surface.base, isErrorPage };
}

/** The targets of a form, which are those of its action and of its buttons. */
export function targetsOf(form: FormFact, base: SurfaceAddress, site: AddressedSite): Address[] {
  const ofButtons = form.buttonActions.map((action) => addressOf(action, base, site));
  return [...actionTargets(form, base, site), ...ofButtons];
}

/** The targets of a form's action. */
export function actionTargets({ actions }: FormFact, base: SurfaceAddress, site: AddressedSite): Address[] {
  return (actions ?? ['']).map((action) => addressOf(action, base, site));
}

/** The names of the fields of a form. */
export function namesOf({ fields }: Pick<FormFact, 'fields'>): string[] {
  return fields.flatMap(({ names, isFromSchema }) =>
    isFromSchema ? names.flatMap((name) => [name, `${name}[]`]) : names,
  );
}
