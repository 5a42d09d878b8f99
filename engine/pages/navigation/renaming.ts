// Renames a name in all pages that use it, or refuses and says why. A renaming is complete or does not happen: nothing is renamed
// where code computes a name, or where code that is not read here may use it.

import { MEMBERS } from '../../compiler/outline/session-uses.ts';
import { parsePage } from '../../compiler/parsed-page.ts';
import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { addressOfRoot, targetsOf } from '../site-map/received-fields.ts';
import { nameOfFile } from '../site-map/site-findings.ts';
import type { RootPage } from '../site-map/site-surfaces.ts';
import { isWordIn } from '../site-map/word-in-text.ts';
import type { NameUse } from './page-uses.ts';
import type { FileRange, SiteNavigation } from './site-navigation.ts';

/** A replacement of a range of a file. */
interface NameEdit extends FileRange {
  readonly text: string;
}

/** The renaming of one name with all its uses. */
export class Renaming {
  readonly #navigation: SiteNavigation;
  /** Every use, in pages that have to be renamed together because they share one. */
  readonly uses: readonly NameUse[];
  readonly name: string;

  /** @param seeds uses of one name */
  constructor(navigation: SiteNavigation, seeds: readonly NameUse[]) {
    this.#navigation = navigation;
    this.name = seeds[0]?.name ?? '';
    this.uses = withSharedPlaces(seeds, navigation.names());
  }

  /** The reason why the name cannot be renamed whatever the new one is; undefined if it can. */
  get refusal(): string | undefined {
    return this.#unreadRefusal() ?? this.#placeRefusal() ?? this.#openRefusal();
  }

  /** The reason why it cannot get this name. */
  refusalOf(newName: string): string | undefined {
    const kind = this.uses[0]?.kind ?? 'field';
    if (!/^[\p{ID_Continue}$.:-]+$/u.test(newName)) return `'${newName}' is no name of a ${kind}`;
    const isWord = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(newName);
    const word = this.uses.find((use) => !use.isMarkup && this.#isIdentifier(use));
    if (!isWord && word !== undefined)
      return `'${newName}' is no identifier, and ${this.#placeOf(word)} uses the name as one`;
    if (kind === 'session attribute' && MEMBERS.has(newName))
      return `'${newName}' is a member of every session`;
    const keys = new Set(this.uses.map(({ key, name }) => key.replace(` ${name} `, ` ${newName} `)));
    const other = this.#navigation.names().find(({ key }) => keys.has(key));
    return other && `${this.#placeOf(other)} uses the name '${newName}' already`;
  }

  /** The edits of the uses. Places in types are none of them. */
  edits(newName: string): NameEdit[] {
    const edits = this.uses.flatMap((use) =>
      this.#navigation.rangesOf(use).map((range): NameEdit => {
        const isVariable = use.kind === 'field' && range.start === use.offset + 1 && this.#isIdentifier(use);
        const start = isVariable && use.isShorthand ? use.offset : range.start;
        return { ...range, start, text: textFor(use, newName, isVariable) };
      }),
    );
    const ids = this.#messageIds(newName);
    return [...new Map([...edits, ...ids].map((edit) => [`${edit.file}:${edit.start}`, edit])).values()];
  }

  /** `form.attrs('email')` names the element with the id `email-error` as the one that shows the message of the field. */
  #messageIds(newName: string): NameEdit[] {
    const senders = new Set(this.uses.filter(({ role }) => role === 'gives').map(({ file }) => file));
    if (this.uses[0]?.kind !== 'field' || this.#navigation.schemasFor(this).length === 0) return [];
    const { map } = this.#navigation;
    const pages = [...senders].flatMap((file) => map.pagesWith(file));
    const files = new Set(pages.flatMap(({ surface }) => surface.parts.map(({ file }) => file)));
    return [...files].flatMap((file) =>
      idRanges(map.text(file), `${this.name}-error`).map((start) => ({
        file,
        start,
        end: start + this.name.length,
        text: newName,
      })),
    );
  }

  /** A page that does not parse may use the name. */
  #unreadRefusal(): string | undefined {
    const { map } = this.#navigation;
    for (const file of map.files.pages) {
      const text = map.text(file);
      if (text.includes(this.name) && !parses(text, file))
        return `${nameOfFile(map.root, file)} has an error, so its uses of '${this.name}' are not known`;
    }
    return undefined;
  }

  #placeRefusal(): string | undefined {
    for (const use of this.uses) {
      if (use.target === 'outside') return `${this.#placeOf(use)} sends '${this.name}' to another site`;
      if (use.target === 'unknown') return `${this.#placeOf(use)} sends '${this.name}' to a computed address`;
      if (this.#navigation.rangesOf(use).length === 0)
        return `${this.#placeOf(use)} uses '${this.name}' by a name that code computes`;
    }
    return undefined;
  }

  /** Code that is not read may use the name. */
  #openRefusal(): string | undefined {
    const [first] = this.uses;
    if (first === undefined) return 'nothing uses this name';
    if (first.kind === 'field') return this.#fieldRefusal();
    const { map } = this.#navigation;
    const keys = new Set(this.uses.map(({ key }) => key));
    for (const { surface } of map.pages) {
      if (first.kind === 'section' && !keys.has(`section ${this.name} ${surface.file}`)) continue;
      for (const { file, session, sections, reads } of surface.parts) {
        const open = first.kind === 'section' ? sections.open : session.open;
        if (open !== undefined)
          return first.kind === 'section'
            ? `${this.#at(file, open)} computes the name of a section`
            : `${this.#at(file, open)} hands the session on, or computes the name of an attribute`;
        if (first.kind === 'section' && reads.hasComputedPart)
          return `${nameOfFile(map.root, file)} names a part or layout by a computed path`;
      }
    }
    return undefined;
  }

  #fieldRefusal(): string | undefined {
    const literal = this.#literalRefusal();
    if (literal !== undefined) return literal;
    const { map } = this.#navigation;
    const receivers = new Set(this.uses.map(({ receiver }) => receiver));
    const anywhere = this.#navigation
      .names()
      .find((use) => use.kind === 'field' && use.name === this.name && use.target === 'unknown');
    if (anywhere !== undefined)
      return `${this.#placeOf(anywhere)} sends '${this.name}' to a computed address, which may be one of these pages`;
    for (const page of map.pages) {
      const { surface } = page;
      if (isWordIn(this.name, surface.scripts))
        return `a script in ${nameOfFile(map.root, surface.file)} has the word '${this.name}' and may use the field`;
      if (receivers.has(surface.file)) {
        for (const { file, reads, declaredFields } of surface.parts) {
          if (reads.open !== undefined)
            return `${this.#at(file, reads.open)} may read any field: it hands the fields on, or computes a name`;
          if (reads.hasComputedPart) return `${nameOfFile(map.root, file)} names a part by a computed path`;
          if (declaredFields.has(this.name))
            return `others send '${this.name}', as type Fields in ${nameOfFile(map.root, file)} says`;
        }
      }
      const open = this.#openForm(page, receivers);
      if (open !== undefined) return open;
    }
    for (const file of map.files.statics)
      if (/\.m?js$/i.test(file) && isWordIn(this.name, map.text(file)))
        return `the script ${nameOfFile(map.root, file)} has the word '${this.name}' and may use the field`;
    return undefined;
  }

  /** A literal in a page with Form that names the field for other code: `Include('error.pih', { form, name: 'email' })`. */
  #literalRefusal(): string | undefined {
    const { map } = this.#navigation;
    const calls = this.#navigation.schemasFor(this);
    const pages = calls.flatMap(({ file }) => map.pagesWith(file));
    const known = new Set(this.uses.flatMap((use) => this.#navigation.rangesOf(use).map(placeOfRange)));
    for (const file of new Set(pages.flatMap(({ surface }) => surface.parts.map((part) => part.file))))
      for (const start of literalStarts(map.text(file), this.name))
        if (!known.has(placeOfRange({ file, start })))
          return `${this.#placeOf({ file, offset: start })} has the text '${this.name}', which may name the field for other code`;
    return undefined;
  }

  /** A form that sends fields of computed names to one of the pages. */
  #openForm(page: RootPage, receivers: ReadonlySet<string | undefined>): string | undefined {
    const { map } = this.#navigation;
    const form = page.surface.forms.find(
      (each) =>
        each.isOpen &&
        targetsOf(each, addressOfRoot(page), map).some(
          ({ kind, file }) => kind === 'page' && receivers.has(file),
        ),
    );
    return form && `the form in ${this.#placeOf(form.place)} may have fields whose names are computed`;
  }

  #isIdentifier({ file, offset }: NameUse): boolean {
    return !/["'`]/.test(this.#navigation.map.text(file).charAt(offset));
  }

  #placeOf(place: { readonly file: string; readonly offset: number }): string {
    return this.#at(place.file, new Lines(this.#navigation.map.text(place.file)).at(place.offset));
  }

  #at(file: string, { line }: { readonly line: number }): string {
    return `${nameOfFile(this.#navigation.map.root, file)}:${line}`;
  }
}

/** The uses that belong to these, directly or through a place that several pages have. */
function withSharedPlaces(seeds: readonly NameUse[], all: readonly NameUse[]): NameUse[] {
  const keys = new Set<string>();
  const places = new Set(seeds.map(placeKey));
  const found = new Set<NameUse>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const use of all) {
      if (!keys.has(use.key) && !places.has(placeKey(use))) continue;
      keys.add(use.key);
      places.add(placeKey(use));
      found.add(use);
    }
  }
  return [...found];
}

function placeKey({ kind, name, file, offset }: NameUse): string {
  return `${kind} ${name} ${file}:${offset}`;
}

/** In a pattern `{ name }` keeps its variable, and in an object `{ _name }` its property. */
function textFor({ isShorthand, name }: NameUse, newName: string, isVariable: boolean): string {
  if (!isShorthand) return newName;
  return isVariable ? `_${name}: _${newName}` : `${newName}: ${name}`;
}

/** The offsets of an id in the attributes that name elements by it. */
function idRanges(text: string, id: string): number[] {
  return [...text.matchAll(/\s(?:id|for|href|aria-[a-z]+)=(["'])([^"'<>]*)\1/g)].flatMap(
    ({ index, 0: whole, 2: value = '' }) => {
      const at = index + whole.length - 1 - value.length;
      return [...value.matchAll(/[^\s#]+/g)].filter(([each]) => each === id).map((each) => at + each.index);
    },
  );
}

function placeOfRange({ file, start }: { readonly file: string; readonly start: number }): string {
  return `${file}:${start}`;
}

/** The offsets of a text in quotes that is no value of an attribute. */
function literalStarts(text: string, name: string): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const quote = text.charAt(at - 1);
    const isQuoted = /["'`]/.test(quote) && text.charAt(at + name.length) === quote;
    if (isQuoted && text.charAt(at - 2) !== '=') starts.push(at);
  }
  return starts;
}

function parses(text: string, file: string): boolean {
  try {
    parsePage(text, file);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
