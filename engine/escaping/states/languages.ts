// Which machine follows the static text of each language.

import type { Language } from '../context-facts.ts';
import { css } from './css-language.ts';
import { htmxTrigger, htmxValues } from './framework-attributes.ts';
import { javascript } from './javascript-language.ts';
import type { LanguageStep } from './language-step.ts';
import { json } from './language-step.ts';
import { srcset } from './srcset-language.ts';
import { refresh, url } from './url-language.ts';

const nothing: LanguageStep = () => {};

/** Longer than any type, http-equiv or attribute name that decides something. */
const LONGEST_WORD = 100;

/** The whole text is the word that decides. */
const deciding: LanguageStep = (facts, text) => {
  facts.word = (facts.word + text).slice(0, LONGEST_WORD);
};

export const STEPS: Readonly<Record<Language, LanguageStep>> = {
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
