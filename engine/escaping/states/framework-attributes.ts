// Attributes that widespread frameworks run as code (Alpine, Vue, htmx, hyperscript, AngularJS, Datastar). Browsers
// decode references before a framework reads the text, so the escaper of plain attributes would let a value become
// code.

import type { Language } from '../context-facts.ts';
import { enterScriptCode, javascriptStep } from './javascript-language.ts';
import type { LanguageStep } from './language-step.ts';
import { jsonStep } from './language-step.ts';

/**
 * The language in which a framework reads the attribute with this lower-case name; undefined if no framework runs it.
 */
export function frameworkLanguage(attribute: string): Language | undefined {
  if (PREFIXED.test(attribute) || ANGULAR.test(attribute)) return 'script';
  if (isAlpine(attribute) || isDatastar(attribute)) return 'script';
  if (HYPERSCRIPT.has(attribute)) return 'hyperscript';
  return HTMX[attribute.replace(/^data-/, '')];
}

/** Alpine and Vue: `@click`, `:class`, `.value`, `v-if`, `#default="{ item }"` (parameters); htmx: `hx-on:click`. */
const PREFIXED = /^(?:[@:#.]|v-|slot-scope$|(?:data-)?hx-on)/;

/** AngularJS treats these prefixes and separators as equal. */
const ANGULAR = /^(?:(?:x|data)[:_-])?ng[:_-]/;

/**
 * The attributes that Alpine and its official plugins evaluate. `x-ref`, `x-transition` and `x-teleport` are names
 * and selectors.
 */
const ALPINE: ReadonlySet<string> = new Set(
  (
    'on bind data init show if for text html model modelable effect id spread ' +
    'intersect trap anchor sort resize'
  ).split(' '),
);

/** `x-on:click.prevent`, `x-model.number`. Of `x-mask` only `x-mask:dynamic` is evaluated. */
function isAlpine(attribute: string): boolean {
  const name = /^x-([^:.^]*)/.exec(attribute)?.[1];
  return name !== undefined && (ALPINE.has(name) || attribute.startsWith('x-mask:dynamic'));
}

/** Names with another meaning elsewhere, such as `data-online`, do not belong to Datastar. */
const DATASTAR =
  /^data-(?:on-|(?:on|signals|computed|text|show|class|attr|bind|effect|init)(?:$|:|__)|style:)/;

function isDatastar(attribute: string): boolean {
  return DATASTAR.test(attribute);
}

/** hyperscript has no literal that is known to be safe. */
const HYPERSCRIPT: ReadonlySet<string> = new Set(['_', 'script', 'data-script']);

const HTMX: Readonly<Record<string, Language | undefined>> = Object.assign(Object.create(null), {
  'hx-vars': 'script',
  'hx-vals': 'htmx values',
  'hx-headers': 'htmx values',
  'hx-request': 'htmx values',
  'hx-trigger': 'htmx trigger',
} satisfies Record<string, Language>);

/** `hx-vals='|{"a": 1}'` is JSON, or code behind `js:`. `word` holds the text while both are possible. */
export const htmxValuesStep: LanguageStep = (facts, text, report) => {
  const read = (facts.word + text).trimStart();
  const mark = CODE_MARKS.find((start) => read.startsWith(start));
  if (mark === undefined && CODE_MARKS.some((start) => start.startsWith(read))) {
    facts.word = read;
    return;
  }
  facts.word = '';
  if (mark === undefined) {
    facts.language = 'json';
    facts.mode = 'code';
    jsonStep(facts, read, report);
  } else {
    facts.language = 'script';
    enterScriptCode(facts);
    javascriptStep(facts, read.slice(mark.length), report);
  }
};

const CODE_MARKS = ['js:', 'javascript:'] as const;

/** `hx-trigger="click[|ctrlKey]"`. `word` records a condition, which is code. */
export const htmxTriggerStep: LanguageStep = (facts, text) => {
  if (text.includes('[')) facts.word = '[';
};
