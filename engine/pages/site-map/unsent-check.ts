// Findings about fields that a page reads and that no form, link or redirect of the site sends (docs/describe.md).

import { nearestName } from '../../diagnostics/nearest.ts';
import { warning } from '../../diagnostics/problem.ts';
import { withoutBrackets } from '../../forms/field-name.ts';
import { isGuardFile } from '../guards.ts';
import { readNames } from './form-check.ts';
import type { ReadFields, SentInSite } from './received-fields.ts';
import { nearestHint, type SiteFindings } from './site-findings.ts';
import type { RootPage, SiteSurfaces } from './site-surfaces.ts';
import { isWordIn } from './word-in-text.ts';

/** The input of a check of reads. */
export interface UnsentCheck {
  readonly surfaces: SiteSurfaces;
  readonly findings: SiteFindings;
  readonly reads: ReadonlyMap<string, ReadFields>;
  readonly sent: SentInSite;
}

/** A read of a field in one file, with the pages that the file belongs to. */
interface FileRead {
  readonly name: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  readonly roots: RootPage[];
}

/** Checks the reads of all pages. A part is read for all pages that it belongs to, a guard for all pages below its folder. */
export function checkUnsent(check: UnsentCheck): void {
  const found = new Map<string, FileRead>();
  for (const root of check.surfaces.roots.values()) {
    if (isGuardFile(root.surface.file)) continue;
    const read = check.reads.get(root.surface.file);
    for (const [name, { file, line, column }] of read?.names ?? []) {
      const key = `${file}\n${name}`;
      const known = found.get(key) ?? { name, place: { file, line, column }, roots: [] };
      known.roots.push(root);
      found.set(key, known);
    }
  }
  for (const read of found.values()) checkRead(read, check);
}

function checkRead({ name, place, roots }: FileRead, check: UnsentCheck): void {
  const { reads, sent, surfaces, findings } = check;
  if (sent.anywhere.has(name) || isWordIn(withoutBrackets(name), surfaces.scripts)) return;
  const unread = new Set<string>();
  for (const { surface, hasUrl, isErrorPage } of roots) {
    const own = sent.byPage.get(surface.file);
    const read = reads.get(surface.file);
    if (!hasUrl || isErrorPage || own?.isOpen || read?.declared.has(name)) return;
    if (own?.names.has(name) || own?.names.has(otherForm(name))) return;
    const known = new Set(read === undefined ? [] : readNames(read));
    for (const each of own?.names ?? []) if (!known.has(each)) unread.add(each);
  }
  // A link whose target is computed may send any field, so that only a likely slip of the pen is reported.
  if (sent.isOpen && nearestName(name, unread) === undefined) return;
  const params = { name, nearest: nearestHint(name, unread), declaration: declarationOf(name) };
  findings.warn(warning('field-unsent', { ...place, params }));
}

/** The declaration of a field in `type Fields`. */
function declarationOf(name: string): string {
  const isIdentifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  const key = isIdentifier ? name : `'${name.replace(/['\\]/g, '\\$&')}'`;
  return `${key}: ${name.endsWith('[]') ? 'string[]' : 'string'}`;
}

/** A form that sends the other one of `x` and `x[]` has its own finding. */
function otherForm(name: string): string {
  return name.endsWith('[]') ? name.slice(0, -2) : `${name}[]`;
}
