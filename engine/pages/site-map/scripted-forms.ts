// Marks the forms that a script may send in its own way: the scripts of their page name their id or class, listen to `submit`, or
// collect fields. Scripts are read as texts.

import type { FormFact } from './document-forms.ts';
import type { PageSurface } from './page-surface.ts';
import { surfacesWithBase } from './received-fields.ts';
import { addressOf } from './site-addresses.ts';
import type { SiteSurfaces, SurfacedSite } from './site-surfaces.ts';
import { isWordIn } from './word-in-text.ts';

/** The surfaces of a site, with the forms marked that its scripts may send. */
export function withScriptedForms(surfaces: SiteSurfaces, site: SurfacedSite): SiteSurfaces {
  const loaded = loadedScripts(surfaces, site);
  const named = new Set([...loaded.values()].flat());
  const texts = new Map([...surfaces.scriptFiles].map(([file, text]) => [file, new ScriptText(text)]));
  // A script that no page loads is a module that another script imports, so that it counts for all pages.
  const modules = [...texts].filter(([file]) => !named.has(file)).map(([, text]) => text);
  const marked = (surface: PageSurface): PageSurface => {
    if (surface.forms.length === 0) return surface;
    const own = (loaded.get(surface) ?? []).flatMap((file) => texts.get(file) ?? []);
    const scripts = [new ScriptText(surface.scripts), ...own, ...modules];
    const forms = surface.forms.map((form) => ({
      ...form,
      isScripted: form.isScripted || scripts.some((script) => script.maySend(form)),
    }));
    return { ...surface, forms };
  };
  const roots = [...surfaces.roots].map(
    ([file, page]) => [file, { ...page, surface: marked(page.surface) }] as const,
  );
  const statics = [...surfaces.staticHtml].map(([file, surface]) => [file, marked(surface)] as const);
  return { ...surfaces, roots: new Map(roots), staticHtml: new Map(statics) };
}

/** The scripts of the site that each page loads. */
function loadedScripts(surfaces: SiteSurfaces, site: SurfacedSite): Map<PageSurface, string[]> {
  const pages = surfacesWithBase(site, surfaces).map(([base, surface]) => {
    const links = surface.links.filter(({ element }) => element === '<script src>');
    const targets = links.flatMap(({ texts }) => texts.map((text) => addressOf(text, base, site).file));
    return [surface, targets.filter((file) => file !== undefined)] as const;
  });
  return new Map(pages);
}

/** Code that handles the sending of a form, or collects its fields. */
const SENDS =
  /\bFormData\b|\bonsubmit\b|(?:Listener|\.on|\.one|\.bind)\(\s*['"`][^'"`\n]*\bsubmit\b|\.submit\(\s*[^)\s]|\.serialize(?:Array)?\(/;

/** A script. The answer for each name is kept, because many forms share names. */
class ScriptText {
  readonly #text: string;
  readonly #sends: boolean;
  readonly #words = new Map<string, boolean>();

  constructor(text: string) {
    this.#text = text;
    this.#sends = SENDS.test(text);
  }

  /** Whether the script may send a form. */
  maySend({ handles }: FormFact): boolean {
    return this.#sends || handles.some((name) => this.#has(name));
  }

  #has(name: string): boolean {
    const known = this.#words.get(name) ?? isWordIn(name, this.#text);
    this.#words.set(name, known);
    return known;
  }
}
