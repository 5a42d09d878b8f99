// What holds at one point of an HTML document: the state of the WHATWG tokenizer, refined inside attribute values,
// scripts and styles. Types only; the values are made in context.ts.

/** What the tokenizer reads. */
export type State =
  | 'text'
  | 'tag name'
  /** Behind a tag's name, a value or blanks. */
  | 'tag'
  /** Behind branches that ended at different places of a tag: a name must not go on here. */
  | 'between attributes'
  | 'attribute name'
  | 'after attribute name'
  | 'before value'
  | 'value'
  /** The content of script, style, textarea, title and the like. */
  | 'content'
  | 'comment'
  /** Doctype, bogus comment: up to the next `>`. */
  | 'declaration'
  | 'cdata';

/** The language of an attribute's value or of an element's content. */
export type Language =
  | 'none'
  | 'plain'
  | 'url'
  | 'image url'
  | 'srcset'
  | 'css'
  | 'script'
  | 'json'
  /** htmx: JSON, or code if it begins with `js:`; not told yet. */
  | 'htmx values'
  | 'htmx trigger'
  | 'hyperscript'
  /** A script of a type that browsers do not run. */
  | 'other script'
  /** The `type` of a script, `http-equiv` of a meta, `attributeName` of an animation. */
  | 'deciding'
  /** `content` of a meta before its `http-equiv` is known. */
  | 'meta content'
  | 'refresh'
  | 'animated'
  | 'srcdoc'
  /** Text in which no character can be escaped: xmp, iframe, noembed, noframes, plaintext. */
  | 'verbatim';

/** What of a URL has been read. */
export type UrlPart =
  | 'none'
  | 'start'
  /** Letters that may still become a scheme; they are in `word`. */
  | 'scheme'
  /** A value was printed where the scheme may be. */
  | 'value'
  /** Exactly one slash: another one would name a host. */
  | 'slash'
  | 'path'
  | 'component'
  /** `component` on one branch, the start on another: no scheme may end here. */
  | 'component or start'
  /** After `mailto:`, `tel:`, `sms:`. */
  | 'opaque'
  /** After `data:`, up to its comma; what was read is in `word`. */
  | 'data'
  | 'base64'
  /** After a scheme that no value makes safe. */
  | 'unsafe'
  /** In srcset, behind a URL. */
  | 'descriptor'
  /** In a meta refresh, before its URL; what was read is in `word`. */
  | 'delay';

/** Where in JavaScript, JSON or CSS. */
export type Mode =
  | 'none'
  | 'code'
  | '"'
  | "'"
  | '`'
  | 'regexp'
  | 'regexp class'
  | 'line comment'
  /** `<!--`, `-->` and `#!`: comments in some scripts only. */
  | 'html comment'
  | 'block comment'
  /** CSS: in an unquoted or quoted url(). */
  | 'url'
  | 'url "'
  | "url '";

/**
 * In script code: what a slash would be here, and so what a brace would open. `statement`: where one may start;
 * `head`: behind `if`, `while` and the like; `colon`: behind a label or in a conditional; `+`: one such sign behind an operand.
 */
export type Slash = 'none' | 'statement' | 'head' | 'regexp' | 'colon' | 'division' | 'unknown' | '+' | '-';

/** What holds at one point of a document. */
export interface ContextFacts {
  readonly state: State;
  /** Lower-case name of the element whose tag or content this is; with a leading `/` in an end tag. */
  readonly element: string;
  /** Lower-case name of the attribute, as far as it was read. */
  readonly attribute: string;
  readonly language: Language;
  /** `added`: an unquoted value around which we write quotes. */
  readonly quote: '' | '"' | "'" | 'added';
  /** The last characters, when what they begin is not decided yet. */
  readonly pending: string;
  /** What an earlier attribute of this tag has decided: a script's type, a meta's http-equiv, … */
  readonly decided: string;
  readonly url: UrlPart;
  readonly mode: Mode;
  readonly slash: Slash;
  /** What is being read: a word or signs in a script or style, a URL's scheme. With `~`, a value may be part of it. */
  readonly word: string;
  /** In scripts: the open brackets, one character each. */
  readonly open: string;
  /** In scripts: nothing but blanks on this line so far. */
  readonly lineStart: boolean;
  /** In scripts: a slash could not be told, so where we are is not certain. */
  readonly doubt: boolean;
  /** The content has outputs. */
  readonly dynamic: boolean;
  /** In a script: 1 inside `<!--`, 2 inside `<!-- <script`. */
  readonly escaped: number;
  /** Which svg, math and the like are open, a blank after each; `*` when that is not known any more. */
  readonly foreign: string;
  /** Where browsers with scripts read text and others read markup: see states/noscript.ts. */
  readonly noscript: string;
}

/** Facts that change in place while a text is scanned. */
export type Draft = { -readonly [Fact in keyof ContextFacts]: ContextFacts[Fact] };

/** An interned value: equal contexts are identical. */
export interface Context extends ContextFacts {
  readonly id: number;
}
