// Goes from a name or path in a page to its other side and back: from a field to the page that reads it, from a link to the page
// that answers it, from a section to the layout that shows it.

import type { FormCall } from '../../compiler/outline/page-reads.ts';
import type { EditedSiteMap } from '../edited-site/edited-site-map.ts';
import type { RootPage } from '../site-map/site-surfaces.ts';
import { type AnchorUse, type FileUse, type NameUse, type PageUses, usesOfPage } from './page-uses.ts';
import { literalRange, nameRanges, type OffsetRange, valueRange } from './written-range.ts';

/** A range of a file. */
export interface FileRange extends OffsetRange {
  readonly file: string;
}

/** A call of Form in a file; its schema reads fields. */
interface SchemaCall extends FormCall {
  readonly file: string;
}

/** A name at an offset, with all uses that stand there: one for each page that the file is a part of. */
interface FoundName {
  readonly range: FileRange;
  readonly uses: readonly NameUse[];
}

/** An anchor or fragment at an offset, for each page that the file is a part of. */
interface FoundAnchor {
  readonly range: FileRange;
  readonly uses: readonly AnchorUse[];
}

/** The names and paths of one site. */
export class SiteNavigation {
  readonly map: EditedSiteMap;
  readonly #uses = new WeakMap<RootPage, { readonly version: number; readonly uses: PageUses }>();

  constructor(map: EditedSiteMap) {
    this.map = map;
  }

  /** The name at an offset; undefined if there is none that is spelt out. */
  nameAt(file: string, offset: number): FoundName | undefined {
    const here = this.names().filter((use) => use.file === file);
    let found: { range: FileRange; uses: NameUse[] } | undefined;
    for (const use of here) {
      const range = this.rangesOf(use).find(({ start, end }) => start <= offset && offset <= end);
      if (range === undefined) continue;
      if (found?.range.start === range.start) found.uses.push(use);
      else found ??= { range, uses: [use] };
    }
    return found;
  }

  /** The ranges of a use that is spelt out; none for a computed one. */
  rangesOf(use: NameUse): FileRange[] {
    const { file } = use;
    return nameRanges(this.map.text(file), use).map((range) => ({ file, ...range }));
  }

  /** The other sides of a name. */
  otherSides({ uses }: FoundName): FileRange[] {
    // The name in `form.attrs()` is sent.
    const sent = uses.filter(({ role }) => role === 'gives');
    const asked = sent.length > 0 ? sent : uses;
    const wanted = new Set(asked.map(({ key, role }) => `${role === 'gives' ? 'takes' : 'gives'} ${key}`));
    return this.#placesOf(this.names().filter(({ role, key }) => wanted.has(`${role} ${key}`)));
  }

  /** All uses of a name. */
  sameName({ uses }: FoundName): FileRange[] {
    const keys = new Set(uses.map(({ key }) => key));
    return this.#placesOf(this.names().filter(({ key }) => keys.has(key)));
  }

  /** The calls of Form in the pages that read a field. */
  schemasFor({ uses }: Pick<FoundName, 'uses'>): SchemaCall[] {
    const receivers = new Set(uses.map(({ receiver }) => receiver));
    return this.map.pages
      .filter(({ surface }) => receivers.has(surface.file))
      .flatMap(({ surface }) => surface.parts.flatMap(callsOfForm));
  }

  /** The calls of Form in the pages that a file belongs to, with the page. */
  schemasAround(file: string): (readonly [page: string, call: SchemaCall])[] {
    return this.map
      .pagesWith(file)
      .flatMap(({ surface }) =>
        surface.parts.flatMap(callsOfForm).map((call) => [surface.file, call] as const),
      );
  }

  /** The uses of a field by a page, sent and read. */
  fieldOf(page: string, name: string): NameUse[] {
    return this.names().filter((use) => use.kind === 'field' && use.receiver === page && use.name === name);
  }

  /** The anchor at an offset, or the one that a fragment there names; undefined if there is neither. */
  anchorAt(file: string, offset: number): FoundAnchor | undefined {
    const uses: AnchorUse[] = [];
    let found: FileRange | undefined;
    for (const use of this.#anchors()) {
      const range = use.file === file ? this.#anchorRange(use) : undefined;
      if (range === undefined || offset < range.start || range.end < offset) continue;
      found ??= range;
      uses.push(use);
    }
    return found && { range: found, uses };
  }

  /** The elements that a fragment leads to, or the links that lead to an element. */
  anchorSides({ uses }: FoundAnchor): FileRange[] {
    const isAnchor = uses.some(({ kind }) => kind === 'anchor');
    return this.#anchorPlaces(uses, (use) => (use.kind === 'anchor') !== isAnchor);
  }

  /** The elements and links of an anchor. */
  anchorUses({ uses }: FoundAnchor): FileRange[] {
    return this.#anchorPlaces(uses, () => true);
  }

  #anchorPlaces(uses: readonly AnchorUse[], isWanted: (use: AnchorUse) => boolean): FileRange[] {
    const keys = new Set(uses.map(anchorKey));
    const found = this.#anchors().filter((use) => keys.has(anchorKey(use)) && isWanted(use));
    return unique(
      found.map((use) => this.#anchorRange(use) ?? { file: use.file, start: use.offset, end: use.offset }),
    );
  }

  #anchors(): AnchorUse[] {
    return this.map.pages.flatMap((page) => this.#usesOf(page).anchors);
  }

  /** The range of the id, or of the fragment behind its `#`. */
  #anchorRange({ file, offset, kind }: AnchorUse): FileRange | undefined {
    const text = this.map.text(file);
    const value = kind === 'redirect' ? literalRange(text, offset) : valueRange(text, offset);
    if (value === undefined) return undefined;
    const hash = text.slice(value.start, value.end).indexOf('#');
    if (kind === 'anchor') return { file, ...value };
    return hash === -1 ? undefined : { file, start: value.start + hash + 1, end: value.end };
  }

  /** The files that a path or URL at an offset leads to. */
  filesAt(
    file: string,
    offset: number,
  ): { readonly range: FileRange; readonly targets: readonly string[] } | undefined {
    for (const use of this.#files()) {
      if (use.file !== file) continue;
      const range = this.#rangeOfPath(use);
      if (range === undefined || offset < range.start || range.end < offset) continue;
      return { range: { file, ...range }, targets: use.targets };
    }
    return undefined;
  }

  /** The links to a page or file, and the calls that include it or have it as a layout. */
  usesOfFile(file: string): FileRange[] {
    const uses = this.#files().filter(({ targets }) => targets.includes(file));
    return unique(
      uses.map((use) => ({
        file: use.file,
        ...(this.#rangeOfPath(use) ?? { start: use.offset, end: use.offset }),
      })),
    );
  }

  /** All uses of names in the pages that have been read. */
  names(): NameUse[] {
    return this.map.pages.flatMap((page) => this.#usesOf(page).names);
  }

  #files(): FileUse[] {
    return this.map.pages.flatMap((page) => this.#usesOf(page).files);
  }

  #usesOf(page: RootPage): PageUses {
    const { version } = this.map;
    const known = this.#uses.get(page);
    if (known?.version === version) return known.uses;
    const uses = usesOfPage(page, this.map);
    this.#uses.set(page, { version, uses });
    return uses;
  }

  #placesOf(uses: readonly NameUse[]): FileRange[] {
    return unique(
      uses.flatMap((use) => {
        const ranges = this.rangesOf(use);
        if (ranges.length === 0) return [{ file: use.file, start: use.offset, end: use.offset }];
        // `_email` is one identifier.
        const isVariable = this.map.text(use.file).charAt(use.offset) === '_';
        return isVariable ? ranges.map((range) => ({ ...range, start: use.offset })) : ranges;
      }),
    );
  }

  #rangeOfPath({ file, offset, kind }: FileUse): OffsetRange | undefined {
    const text = this.map.text(file);
    if (kind === 'link') return valueRange(text, offset);
    const call = kind === 'part' ? /^\w+\s*\(\s*/.exec(text.slice(offset, offset + 100)) : undefined;
    return literalRange(text, offset + (call?.[0].length ?? 0));
  }
}

function anchorKey({ name, page }: AnchorUse): string {
  return `${page}#${name}`;
}

function callsOfForm({ file, reads }: RootPage['surface']['parts'][number]): SchemaCall[] {
  return reads.forms.map((form) => ({ ...form, file }));
}

function unique(ranges: readonly FileRange[]): FileRange[] {
  return [...new Map(ranges.map((range) => [`${range.file}:${range.start}`, range])).values()];
}
