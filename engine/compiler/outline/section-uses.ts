// The names of sections that a page sets (`Section`) or that a layout shows (`SECTION`).

import type { AnyNode } from 'acorn';
import type { SourcePlace } from '../facts.ts';
import { type Frame, frameOf } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { callsOf, type WrittenName, writtenNames } from './page-reads.ts';

/** A use of the name of a section. */
export interface SectionUse extends WrittenName {
  readonly kind: 'set' | 'shown';
}

/** The sections of a page. */
export interface SectionUses {
  readonly uses: readonly SectionUse[];
  /** The first place where the name of a section is computed. */
  readonly open: SourcePlace | undefined;
}

const CALLS = { Section: 'set', SECTION: 'shown' } as const;

/** The sections that a page's own code names. */
export function sectionUses(page: OutlinedPage, imported: Frame['imported']): SectionUses {
  const frame = frameOf(page, imported);
  const uses: SectionUse[] = [];
  let open: SourcePlace | undefined;
  for (const call of ['Section', 'SECTION'] as const) {
    for (const { arguments: given, start } of callsOf(call, page)) {
      const names = namesOf(given[0], frame);
      if (names === undefined) open ??= page.lines.at(start);
      for (const name of names ?? []) uses.push({ ...name, kind: CALLS[call] });
    }
  }
  return { uses, open };
}

function namesOf(node: AnyNode | undefined, frame: Frame): readonly WrittenName[] | undefined {
  return node && writtenNames(node, frame);
}
