// The description of a site: for each page its forms, links, redirects, reads, parameters and session attributes, as data that
// `karrigell describe --json` prints. Its form is documented in docs/describe.md; `version` changes when a member gets another
// meaning or goes away.

import type { SourcePlace } from '../../compiler/facts.ts';
import { HOLE } from '../../compiler/outline/possible-value.ts';
import { shortUrl } from '../named-page.ts';
import type { FormFact } from './document-forms.ts';
import type { PageSummary } from './page-summary.ts';
import { runningFiles } from './page-surface.ts';
import { addressOfRoot, targetsOf } from './received-fields.ts';
import { type Address, addressOf, type SurfaceAddress } from './site-addresses.ts';
import { type FindingPlace, nameOfFile, SiteFindings } from './site-findings.ts';
import { type RootPage, type SurfacedSite, surfacesOf } from './site-surfaces.ts';

/** A position: the file below root_dir with a leading `/`, line and column from 1. */
interface DescribedPlace extends SourcePlace {
  readonly file: string;
}

interface DescribedField extends DescribedPlace {
  /** The names that it may have. */
  readonly names: readonly string[];
  /** The types of an input or button, else the element; `…` where code computes it. */
  readonly types: readonly string[];
  readonly required: boolean;
  readonly multiple: boolean;
}

interface DescribedForm extends DescribedPlace {
  readonly methods: readonly string[];
  /** The targets as written, `…` for a computed part; none: the page itself. */
  readonly actions: readonly string[];
  /** The pages that receive it. */
  readonly pages: readonly string[];
  readonly enctypes: readonly string[];
  /** Whether it may have more fields than these. */
  readonly open: boolean;
  readonly fields: readonly DescribedField[];
}

interface DescribedLink extends DescribedPlace {
  readonly element: string;
  readonly to: string;
  /** The page or file that it leads to; null if it leads nowhere, out of the site, or to a computed target. */
  readonly target: string | null;
}

/** A name with the places that use it. */
interface DescribedUse extends DescribedPlace {
  readonly name: string;
}

/** One page. */
export interface DescribedPage {
  readonly file: string;
  /** The URL; null for a page that only programs and other pages run. */
  readonly url: string | null;
  readonly parts: readonly string[];
  /** The guards that run before it, the outermost first. */
  readonly guards: readonly string[];
  readonly forms: readonly DescribedForm[];
  readonly links: readonly DescribedLink[];
  readonly redirects: readonly DescribedLink[];
  readonly reads: readonly DescribedUse[];
  /** Whether it may read other fields than these. */
  readonly reads_others: boolean;
  readonly params: readonly string[];
  readonly anchors: readonly string[];
  readonly session: {
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    readonly open: boolean;
  };
  /** Whether a GET request may change something. */
  readonly changes_on_get: boolean;
}

/** A session attribute with its uses. */
interface DescribedAttribute {
  readonly name: string;
  readonly read_in: readonly DescribedPlace[];
  readonly written_in: readonly (DescribedPlace & { readonly type: string | null })[];
}

/** A site. */
export interface SiteDescription {
  readonly version: 1;
  readonly pages: readonly DescribedPage[];
  readonly session_attributes: readonly DescribedAttribute[];
}

/** The description of a site. */
export function describedSite(site: SurfacedSite): SiteDescription {
  const { roots } = surfacesOf(site);
  const findings = new SiteFindings(site.pages);
  const named = (place: FindingPlace): DescribedPlace => ({
    ...place,
    file: nameOfFile(site.root, place.file),
  });
  const pages = [...roots.values()].map((page) => describedPage(page, { site, findings, named }));
  const summaries = site.files.map((file) => site.pages.summary(file)).filter((each) => each !== undefined);
  return { version: 1, pages, session_attributes: attributesOf(summaries, named) };
}

interface Describing {
  readonly site: SurfacedSite;
  readonly findings: SiteFindings;
  readonly named: (place: FindingPlace) => DescribedPlace;
}

function describedPage(page: RootPage, describing: Describing): DescribedPage {
  const { site, findings, named } = describing;
  const { surface, hasUrl } = page;
  const { parts, guards } = surface;
  const running = runningFiles(surface);
  const from = addressOfRoot(page);
  const file = nameOfFile(site.root, surface.file);
  const attributes = running.flatMap(({ session }) => session.attributes);
  const namesOf = (kind: 'read' | 'write') => [
    ...new Set(attributes.filter((use) => use.kind === kind).map(({ name }) => name)),
  ];
  return {
    file,
    url: hasUrl ? shortUrl(file.slice(1)) : null,
    parts: parts.slice(1).map((part) => nameOfFile(site.root, part.file)),
    guards: guards.map((guard) => nameOfFile(site.root, guard.file)),
    forms: surface.forms.map((form) => describedForm(form, from, describing)),
    links: surface.links.flatMap(({ texts, element, place }) =>
      texts.map((text) => ({ element, ...linkTo(text, from, site), ...named(findings.at(place)) })),
    ),
    redirects: running.flatMap((part) =>
      part.reads.redirects.flatMap(({ texts, line, column }) =>
        texts.map((text) => ({
          element: 'redirect()',
          ...linkTo(text, from, site),
          ...named({ file: part.file, line, column }),
        })),
      ),
    ),
    reads: running.flatMap((part) =>
      part.reads.fields.map(({ name, line, column }) => ({
        name,
        ...named({ file: part.file, line, column }),
      })),
    ),
    reads_others: running.some(
      ({ reads }) => reads.open !== undefined || reads.hasComputedPart || reads.forms.length > 0,
    ),
    params: [...new Set(running.flatMap(({ params }) => params.map(({ name }) => name)))],
    anchors: [...surface.anchors.names],
    session: {
      reads: namesOf('read'),
      writes: namesOf('write'),
      open: running.some(({ session }) => session.open !== undefined),
    },
    changes_on_get: running.some(({ session, hasOnce }) => session.changesOnGet || hasOnce),
  };
}

function describedForm(
  form: FormFact,
  from: SurfaceAddress,
  { site, findings, named }: Describing,
): DescribedForm {
  const { methods, actions = [], enctypes, isOpen, fields, place } = form;
  const targets = targetsOf(form, from, site).map((address) => targetOf(address, site));
  return {
    methods: methods.map(shown),
    actions: actions.map(shown),
    pages: targets.filter((target) => target !== null),
    enctypes: enctypes.filter((each) => each !== '').map(shown),
    open: isOpen,
    fields: fields.map(({ names, types, isRequired, isMultiple, place: at }) => ({
      names,
      types: types.map(shown),
      required: isRequired,
      multiple: isMultiple,
      ...named(findings.at(at)),
    })),
    ...named(findings.at(place)),
  };
}

function linkTo(
  text: string,
  from: SurfaceAddress,
  site: SurfacedSite,
): Pick<DescribedLink, 'to' | 'target'> {
  return { to: shown(text), target: targetOf(addressOf(text, from, site), site) };
}

function targetOf({ file }: Address, { root }: SurfacedSite): string | null {
  return file === undefined ? null : nameOfFile(root, file);
}

function shown(text: string): string {
  return text.replaceAll(HOLE, '…');
}

function attributesOf(
  summaries: readonly PageSummary[],
  named: (place: FindingPlace) => DescribedPlace,
): DescribedAttribute[] {
  const uses = summaries.flatMap(({ file, session }) =>
    session.attributes.map(({ name, kind, type = null, line, column }) => ({
      name,
      kind,
      type,
      place: named({ file, line, column }),
    })),
  );
  const names = [...new Set(uses.map(({ name }) => name))].sort();
  return names.map((name) => {
    const own = uses.filter((use) => use.name === name);
    return {
      name,
      read_in: own.filter(({ kind }) => kind === 'read').map(({ place }) => place),
      written_in: own.filter(({ kind }) => kind === 'write').map(({ place, type }) => ({ ...place, type })),
    };
  });
}
