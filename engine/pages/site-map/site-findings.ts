// Collects findings about a site, each with its place in a page.

import { relative, sep } from 'node:path';
import { nearestName } from '../../diagnostics/nearest.ts';
import type { Problem, Warning } from '../../diagnostics/problem.ts';
import type { Finding } from '../index.ts';
import type { TagPlace } from './document-forms.ts';
import type { SitePages } from './site-pages.ts';

/** A position of a finding. */
export interface FindingPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The findings of one check. */
export class SiteFindings {
  readonly #pages: SitePages;
  readonly #found = new Map<string, Finding>();

  constructor(pages: SitePages) {
    this.#pages = pages;
  }

  get all(): Finding[] {
    return [...this.#found.values()];
  }

  error(problem: Problem): void {
    this.#note(problem, { severity: 'error', problem });
  }

  warn(warning: Warning): void {
    this.#note(warning, { severity: 'warning', warning });
  }

  /** The line and column of a tag or attribute. */
  at({ file, offset }: TagPlace): FindingPlace {
    return { file, ...this.#pages.linesOf(file).at(offset) };
  }

  /** A part that several pages print is reported once. */
  #note({ code, file, line, column, text }: Warning | Problem, finding: Finding): void {
    const key = `${code} ${file}:${line}:${column} ${text}`;
    if (!this.#found.has(key)) this.#found.set(key, finding);
  }
}

/** A hint at the nearest name; '' without one. */
export function nearestHint(name: string, names: Iterable<string>): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? '' : `; the nearest is ${nearest}`;
}

/** The path of a file below root_dir, as findings name it. */
export function nameOfFile(root: string, file: string): string {
  return `/${relative(root, file).split(sep).join('/')}`;
}
