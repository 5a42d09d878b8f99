// Error codes of karrigell/test: a test asks a page for what it does not have.

import type { CodeTable } from '../code-entry.ts';

export const visitCodes = {
  'visit-no-page': {
    text: 'no page is open yet, expected one that visitor.open() has opened',
    remedy: "Open a page first: await visitor.open('/').",
  },
  'visit-no-html': {
    text: '{page} is {type}, expected an HTML page',
    remedy: 'Read its text, bytes or headers instead of its elements.',
  },
  'visit-selector': {
    text: "'{selector}' is no CSS selector: {reason}",
    remedy: "Write it as in a style sheet: 'form#order', 'a.next', 'input[name=email]'.",
  },
  'visit-no-element': {
    text: "nothing in {page} matches '{selector}'; the page has {others}",
    remedy:
      'Look at the html of the page: it may be another page than the test expects, or the selector may have a mistake.',
  },
  'visit-not-clickable': {
    text: "'{selector}' matches {element}, which neither leads to a page nor submits a form",
    remedy: 'Select a form, a submit button in a form, or a link with an href.',
  },
  'visit-button-disabled': {
    text: 'the button {name} is disabled, so {form} cannot be submitted with it',
    remedy: 'Select another button, or correct the page.',
  },
  'visit-field-missing': {
    text: "{form} has no field '{name}'; its fields are {names}{hint}",
    remedy: 'Fill in a field that the page shows, or correct the page.',
  },
  'visit-field-disabled': {
    text: "the field '{name}' of {form} is disabled or read-only: a visitor cannot fill it in",
    remedy: 'Leave it out, or correct the page.',
  },
  'visit-value-refused': {
    text: "the field '{name}' does not take {value}: it takes {expected}",
    remedy: 'Give a value that a visitor could choose or type.',
  },
  'visit-charset': {
    text: "a form has accept-charset '{charset}', expected UTF-8 or an encoding with one byte a character",
    remedy: 'Remove accept-charset from the form: browsers then send UTF-8.',
  },
  'visit-form-sends-nothing': {
    text: 'a form with {action} sends nothing to the site, expected one that sends its fields by GET or POST',
    remedy: 'Select another form, or a button with a formaction or formmethod of its own.',
  },
  'visit-elsewhere': {
    text: '{url} is no page of the visited site, expected a page of {origin}',
    remedy:
      'Read the attribute (visitor.find(selector)?.attr(name)) or the Location header instead of following it.',
  },
  'visit-redirects': {
    text: '{url} redirects more than {most} times, expected a page behind fewer redirects',
    remedy: 'Follow the redirects one by one with { follow: false } and look at their Location headers.',
  },
} as const satisfies CodeTable;
