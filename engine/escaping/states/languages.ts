// The table of languages: the step for the static text of each.

import type { Language } from '../context-facts.ts';
import { cssStep } from './css-language.ts';
import { htmxTriggerStep, htmxValuesStep } from './framework-attributes.ts';
import { javascriptStep } from './javascript-language.ts';
import type { LanguageStep } from './language-step.ts';
import { jsonStep } from './language-step.ts';
import { srcsetStep } from './srcset-language.ts';
import { refreshStep, urlStep } from './url-language.ts';

const noStep: LanguageStep = () => {};

/** Longer than any type, http-equiv or attribute name that decides a language. */
const LONGEST_WORD = 100;

/** Collects the whole text, which is the deciding word. */
const decidingStep: LanguageStep = (facts, text) => {
  facts.word = (facts.word + text).slice(0, LONGEST_WORD);
};

export const LANGUAGE_STEPS: Readonly<Record<Language, LanguageStep>> = {
  none: noStep,
  plain: noStep,
  url: urlStep,
  'image url': urlStep,
  srcset: srcsetStep,
  css: cssStep,
  script: javascriptStep,
  json: jsonStep,
  'htmx values': htmxValuesStep,
  'htmx trigger': htmxTriggerStep,
  hyperscript: noStep,
  'other script': noStep,
  deciding: decidingStep,
  'meta content': noStep,
  refresh: refreshStep,
  animated: noStep,
  srcdoc: noStep,
  verbatim: noStep,
};
