// The place of the cursor where a name or path of the site belongs.

/** A range of offsets in the document that completion is asked for. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A place for a path. */
interface PathPlace {
  /** The path up to the cursor, with holes in place of code. */
  readonly before: string;
  /** The range to replace: the path from its last hole on. */
  readonly range: Range;
  /** Whether quotes are missing: behind `href=`. */
  readonly needsQuotes: boolean;
}

/** A place for a URL. */
export interface UrlPlace extends PathPlace {
  readonly kind: 'url';
  /** The element, or `redirect`. */
  readonly element: string;
  /** Whether only pages can be named: in `action`. */
  readonly onlyPages: boolean;
  /** Writes code for the value of a parameter; undefined where no code can stand. */
  readonly code: ((name: string) => string) | undefined;
}

/** A place for the file of a part. */
export interface PartPlace extends PathPlace {
  readonly kind: 'part';
  readonly call: 'Include' | 'Layout' | 'Render';
}

/** A place for the name of a form's field. */
export interface FieldNamePlace {
  readonly kind: 'field-name';
  readonly range: Range;
  readonly needsQuotes: boolean;
  /** The target of the form, with holes; undefined where the form is opened elsewhere. */
  readonly action: string | undefined;
  /** The fields that the form has already. */
  readonly taken: ReadonlySet<string>;
}

/** How a name is written: as a variable, behind a dot, in quotes, or in a pattern. */
export type NameForm =
  | { readonly kind: 'variable' }
  /** @param dot the offset of the dot, which brackets replace */
  | { readonly kind: 'member'; readonly dot: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'pattern' };

/** A place in code for a name that other pages use. */
export interface NamePlace {
  readonly kind: 'field' | 'upload' | 'param' | 'attribute' | 'section-set' | 'section-shown';
  readonly form: NameForm;
  readonly range: Range;
  /** Names that TypeScript offers by itself. */
  readonly known: ReadonlySet<string>;
}

export type Place = UrlPlace | PartPlace | FieldNamePlace | NamePlace;
