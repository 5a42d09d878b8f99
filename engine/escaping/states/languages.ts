// The table of languages: the step for the static text of each.

import type { Language } from '../context-facts.ts';
import { css } from './css-language.ts';
import { htmxTrigger, htmxValues } from './framework-attributes.ts';
import { javascript } from './javascript-language.ts';
import type { LanguageStep } from './language-step.ts';
import { json } from './language-step.ts';
import { srcset } from './srcset-language.ts';
import { refresh, url } from './url-language.ts';

const nothing: LanguageStep = () => {};

/** Longer than any type, http-equiv or attribute name that decides a language. */
const LONGEST_WORD = 100;

/** Collects the whole text, which is the deciding word. */
const deciding: LanguageStep = (facts, text) => {
  facts.word = (facts.word + text).slice(0, LONGEST_WORD);
};

export const LANGUAGE_STEPS: Readonly<Record<Language, LanguageStep>> = {
  none: nothing,
  plain: nothing,
  url,
  'image url': url,
  srcset,
  css,
  script: javascript,
  json,
  'htmx values': htmxValues,
  'htmx trigger': htmxTrigger,
  hyperscript: nothing,
  'other script': nothing,
  deciding,
  'meta content': nothing,
  refresh,
  animated: nothing,
  srcdoc: nothing,
  verbatim: nothing,
};
