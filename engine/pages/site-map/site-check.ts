// Checks the exchange of pages with browsers: forms with the pages that receive them, links with their targets, session attributes
// with the pages that write them, and the HTML of whole pages (docs/describe.md). Nothing of this happens at run time.

import type { Finding } from '../index.ts';
import type { SchemaOfCall } from '../type-check/told-schemas.ts';
import { checkForms } from './form-check.ts';
import { checkLinks } from './link-check.ts';
import { markupWarnings } from './markup-check.ts';
import { readFields, sentInSite, surfacesWithBase } from './received-fields.ts';
import { withScriptedForms } from './scripted-forms.ts';
import { checkSession } from './session-check.ts';
import { SiteFindings } from './site-findings.ts';
import { type RootPage, type SiteSurfaces, type SurfacedSite, surfacesOf } from './site-surfaces.ts';
import { checkUnsent } from './unsent-check.ts';

function usesOnce({ surface }: RootPage): boolean {
  return surface.parts.some(({ hasOnce }) => hasOnce);
}

/** The check of a site. Findings that need no schemas are found at once, so that the type check can run in the meantime. */
export class SiteCheck {
  readonly #site: SurfacedSite;
  readonly #surfaces: SiteSurfaces;
  readonly #findings: SiteFindings;

  /** @param broken pages that do not compile; their HTML, and that of pages with them, is not judged */
  constructor(site: SurfacedSite, broken: ReadonlySet<string>) {
    const findings = new SiteFindings(site.pages);
    this.#site = site;
    this.#findings = findings;
    const surfaces = surfacesOf(site, (samples, { anchors, parts }) => {
      if (parts.some(({ file }) => broken.has(file))) return;
      for (const found of markupWarnings(samples, anchors, (place) => findings.at(place)))
        findings.warn(found);
    });
    this.#surfaces = withScriptedForms(surfaces, site);
    checkLinks(this.#surfaces, site, findings);
    // A page that does not parse may send and write anything.
    if (this.#surfaces.isComplete) this.#checkSession();
  }

  /**
   * All findings, by the files in which they are.
   * @param schemaOf the fields of the schemas that pages give to Form
   * @param chosen the pages to report, with their parts; undefined: all
   */
  findings(schemaOf: SchemaOfCall, chosen?: readonly string[]): Finding[] {
    const { roots, isComplete } = this.#surfaces;
    const reads = new Map([...roots].map(([file, { surface }]) => [file, readFields(surface, schemaOf)]));
    const common = { site: this.#site, findings: this.#findings, reads };
    const oncePages = new Set([...roots].filter(([, page]) => usesOnce(page)).map(([file]) => file));
    for (const [from, surface] of surfacesWithBase(this.#site, this.#surfaces))
      checkForms(surface, from, { ...common, oncePages });
    const sent = sentInSite(this.#site, this.#surfaces);
    if (isComplete) checkUnsent({ ...common, surfaces: this.#surfaces, sent });
    return chosen === undefined ? this.#findings.all : this.#findingsIn(chosen);
  }

  #findingsIn(chosen: readonly string[]): Finding[] {
    const parts = chosen.flatMap((file) => this.#surfaces.roots.get(file)?.surface.parts ?? []);
    const files = new Set([...chosen, ...parts.map(({ file }) => file)]);
    return this.#findings.all.filter((found) => {
      const { file } = found.severity === 'error' ? found.problem : found.warning;
      return file !== undefined && files.has(file);
    });
  }

  #checkSession(): void {
    const { pages, files, root } = this.#site;
    const sessions = files.flatMap((file) => {
      const summary = pages.summary(file);
      return summary === undefined ? [] : [{ file, ...summary.session }];
    });
    checkSession(sessions, root, this.#findings);
  }
}
