// Findings about links, redirects, resources and forms that lead nowhere, and about anchors that do not exist (docs/describe.md).

import { HOLE } from '../../compiler/outline/possible-value.ts';
import { Problem, warning } from '../../diagnostics/problem.ts';
import { shortUrl } from '../named-page.ts';
import { type PageSurface, runningFiles } from './page-surface.ts';
import { actionTargets, surfacesWithBase } from './received-fields.ts';
import { type Address, addressOf, type SurfaceAddress } from './site-addresses.ts';
import { nameOfFile, nearestHint, type SiteFindings } from './site-findings.ts';
import type { SiteSurfaces, SurfacedSite } from './site-surfaces.ts';

/** Checks where the links, redirects and forms of all pages and of static HTML lead. */
export function checkLinks(surfaces: SiteSurfaces, site: SurfacedSite, findings: SiteFindings): void {
  const near = nearestUrls(surfaces, site);
  for (const [from, surface] of surfacesWithBase(site, surfaces))
    checkLinksOf(surface, from, { surfaces, site, findings, near });
}

/** The path of a link that leads nowhere, and a hint at the nearest URL. */
type NearAddress = (address: Address) => { readonly path: string; readonly nearest: string };

/** A wrong link of a layout stands on every page, so each path is compared with the URLs once. */
function nearestUrls(surfaces: SiteSurfaces, site: SurfacedSite): NearAddress {
  const known = new Map<string, string>();
  let urls: readonly string[] | undefined;
  return ({ path }) => {
    urls ??= urlsOf(surfaces, site);
    const nearest = known.get(path) ?? nearestHint(path, urls);
    known.set(path, nearest);
    return { path: shown(path), nearest };
  };
}

interface LinkCheck {
  readonly surfaces: SiteSurfaces;
  readonly site: SurfacedSite;
  readonly findings: SiteFindings;
  readonly near: NearAddress;
}

function checkLinksOf(
  surface: PageSurface,
  from: SurfaceAddress,
  { surfaces, site, findings, near }: LinkCheck,
): void {
  for (const link of surface.links)
    for (const text of link.texts) {
      const address = addressOf(text, from, site);
      const place = findings.at(link.place);
      if (address.kind === 'nowhere')
        reportNowhere(
          new Problem('link-nowhere', { ...place, params: { element: link.element, ...near(address) } }),
          address,
          findings,
        );
      else if (link.kind === 'link')
        checkAnchor(address, surfaces, site, (params) =>
          findings.warn(warning('anchor-missing', { ...place, params })),
        );
    }
  for (const { reads, file } of runningFiles(surface))
    for (const { texts, line, column } of reads.redirects)
      for (const text of texts) {
        const address = addressOf(text, from, site);
        if (address.kind !== 'nowhere') continue;
        const problem = new Problem('redirect-nowhere', { file, line, column, params: near(address) });
        reportNowhere(problem, address, findings);
      }
  for (const form of surface.forms)
    for (const address of actionTargets(form, from, site)) {
      const isLost =
        address.kind === 'nowhere' ||
        (address.kind === 'static' && form.methods.every((method) => method === 'post'));
      if (!isLost || form.isScripted) continue;
      const problem = new Problem('form-nowhere', { ...findings.at(form.place), params: near(address) });
      reportNowhere(problem, address, findings);
    }
}

/** A path with a computed part is a warning: the folder that it leads into may be there when the site runs. */
function reportNowhere(problem: Problem, { path }: Address, findings: SiteFindings): void {
  const { code, text, remedy, file, line, column } = problem;
  if (path.includes(HOLE)) findings.warn({ code, text, remedy, file, line, column });
  else findings.error(problem);
}

function shown(path: string): string {
  return path.replaceAll(HOLE, '…');
}

function urlsOf({ roots }: SiteSurfaces, { root }: SurfacedSite): string[] {
  const served = [...roots.values()].filter(({ hasUrl }) => hasUrl);
  return served.map(({ surface }) => shortUrl(nameOfFile(root, surface.file).slice(1)));
}

/** Fragments that no element has to carry. */
const ALWAYS_THERE = /^(?:$|top$|:~:|\/|!)/i;

function checkAnchor(
  { kind, file, fragment }: Address,
  { roots, staticHtml, scripts }: SiteSurfaces,
  { root }: SurfacedSite,
  report: (params: { page: string; id: string; nearest: string }) => void,
): void {
  if (fragment === undefined || file === undefined || ALWAYS_THERE.test(fragment) || fragment.includes(HOLE))
    return;
  const target = kind === 'page' ? roots.get(file)?.surface : staticHtml.get(file);
  if (target === undefined || target.anchors.isOpen || target.anchors.names.has(fragment)) return;
  // A page whose parts are chosen by computed paths may print any id, and so may a script.
  if (target.parts.some(({ reads }) => reads.hasComputedPart) || scripts.includes(fragment)) return;
  report({
    page: nameOfFile(root, file),
    id: fragment,
    nearest: nearestHint(fragment, target.anchors.names),
  });
}
