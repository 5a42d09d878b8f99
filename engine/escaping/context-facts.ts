// The members of a context: the state of the WHATWG HTML tokenizer, refined inside attribute values, scripts and
// styles. This file has types only; context.ts makes the values.

/** States of the tokenizer (WHATWG HTML 13.2.5). `between attributes` and `content` are our own. */
export type TokenizerState =
  | 'data'
  | 'tag name'
  /** Behind a tag's name, a value or blanks. */
  | 'before attribute name'
  /** Behind branches that ended in different states of one tag. A blank or the end of the tag must follow. */
  | 'between attributes'
  | 'attribute name'
  | 'after attribute name'
  | 'before attribute value'
  | 'attribute value'
  /**
   * The RCDATA, RAWTEXT, script data and PLAINTEXT states: the content of script, style, textarea, title and the
   * like.
   */
  | 'content'
  | 'comment'
  /** A DOCTYPE or a bogus comment, which ends at the next `>`. */
  | 'bogus comment'
  | 'CDATA section';

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
  /** JSON, or code if the value begins with `js:` (htmx). `word` holds the characters that do not decide it yet. */
  | 'htmx values'
  | 'htmx trigger'
  | 'hyperscript'
  /** A script of a type that browsers do not run. */
  | 'other script'
  /**
   * A value that decides the language of another part of the element: `type` of a script, `http-equiv` of a meta,
   * `attributeName` of an animation.
   */
  | 'deciding'
  /** `content` of a meta whose `http-equiv` is not known yet. */
  | 'meta content'
  | 'refresh'
  | 'animated'
  | 'srcdoc'
  /** Text in which no character can be escaped: xmp, iframe, noembed, noframes, plaintext. */
  | 'verbatim';

/** The part of a URL that has been read. */
export type UrlPart =
  | 'none'
  | 'start'
  /** Letters that may become a scheme; `word` holds them. */
  | 'scheme'
  /** Behind a value at the position of a scheme. */
  | 'value'
  /** Behind exactly one slash. A second slash would begin a host. */
  | 'slash'
  | 'path'
  | 'component'
  /** `component` on one branch and `start` on another. A colon here would end a scheme. */
  | 'component or start'
  /** Behind `mailto:`, `tel:`, `sms:` and the like. */
  | 'opaque'
  /** Behind `data:`, up to its comma; `word` holds the media type. */
  | 'data'
  | 'base64'
  /** Behind a scheme after which no value is safe. */
  | 'unsafe'
  /** In srcset, behind a URL. */
  | 'descriptor'
  /** In a meta refresh, before its URL; `word` holds the text so far. */
  | 'delay';

/** The lexical state inside JavaScript, JSON or CSS. */
export type LanguageMode =
  | 'none'
  | 'code'
  | '"'
  | "'"
  | '`'
  | 'regexp'
  | 'regexp class'
  | 'line comment'
  /** `<!--`, `-->` and `#!`, which begin comments only in some scripts. */
  | 'html comment'
  | 'block comment'
  /** In a url() of CSS, without or with quotes. */
  | 'url'
  | 'url "'
  | "url '";

/**
 * The meaning of a slash in script code, which also decides the meaning of a brace. `statement`: a statement may
 * begin; `head`: behind `if`, `while` and the like; `colon`: behind a label or in a conditional; `+` and `-`: behind
 * one such sign that follows an operand.
 */
export type SlashMeaning =
  | 'none'
  | 'statement'
  | 'head'
  | 'regexp'
  | 'colon'
  | 'division'
  | 'unknown'
  | '+'
  | '-';

/** The facts that hold at one point of a document. */
export interface ContextFacts {
  readonly state: TokenizerState;
  /** Lower-case name of the element of this tag or content; with a leading `/` in an end tag. */
  readonly element: string;
  /** Lower-case name of the attribute, as far as it has been read. */
  readonly attribute: string;
  readonly language: Language;
  /** `added`: an unquoted value that gets quotes. */
  readonly quote: '' | '"' | "'" | 'added';
  /** The last characters, while the construct that they begin is not decided. */
  readonly pending: string;
  /** The decision of an earlier attribute of this tag: the type of a script, the http-equiv of a meta, … */
  readonly decided: string;
  readonly url: UrlPart;
  readonly mode: LanguageMode;
  readonly slash: SlashMeaning;
  /**
   * The word or signs that are being read in a script or style, or the scheme of a URL. With `~`, a value may be part
   * of it.
   */
  readonly word: string;
  /** In scripts: the open brackets, one character each. */
  readonly open: string;
  /** In scripts: whether only blanks stand before the point on its line. */
  readonly lineStart: boolean;
  /** In scripts: whether the meaning of an earlier slash was ambiguous, so that the state may be wrong. */
  readonly uncertain: boolean;
  /** Whether the value or content contains outputs. */
  readonly hasOutputs: boolean;
  /** In a script: 1 inside `<!--`, 2 inside `<!-- <script` (script data escaped, script data double escaped). */
  readonly escaped: number;
  /** The open svg, math and similar elements, each with a blank behind it; `*` if they are not known. */
  readonly foreign: string;
  /** The state of the two readings of noscript, see states/noscript.ts. */
  readonly noscript: string;
}

/** Facts that change in place while a text is scanned. */
export type ContextDraft = { -readonly [Fact in keyof ContextFacts]: ContextFacts[Fact] };

/** An interned value: equal contexts are one object. */
export interface Context extends ContextFacts {
  readonly id: number;
}
