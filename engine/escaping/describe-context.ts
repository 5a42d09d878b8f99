// Contexts in words for error messages: "inside the attribute href", "in a script string".

import type { Context, LanguageMode } from './context-facts.ts';

/** The context in terms of the page. */
export function describeContext(context: Context): string {
  switch (context.state) {
    case 'data':
      return context.pending === '' || context.pending === '&' || context.pending === '>'
        ? 'in element text'
        : `behind \`${context.pending}\``;
    case 'tag name':
      return `in the tag name \`<${context.element}\``;
    case 'before attribute name':
    case 'between attributes':
      return `inside the tag ${tagName(context)}`;
    case 'attribute name':
    case 'after attribute name':
      return `in the name of an attribute of ${tagName(context)}`;
    case 'before attribute value':
    case 'attribute value':
      return inValue(context);
    case 'content':
      return inContent(context);
    case 'comment':
      return 'in an HTML comment';
    case 'bogus comment':
      return 'in a declaration (`<!…>`, `<?…>`)';
    case 'CDATA section':
      return 'in a CDATA section';
  }
}

function tagName(context: Context): string {
  return `<${context.element}>`;
}

function inValue(context: Context): string {
  const quotes = context.quote === '' || context.quote === 'added' ? '' : `${context.quote}…${context.quote}`;
  const place = `inside the attribute ${context.attribute}${quotes === '' ? '' : `=${quotes}`}`;
  const inner = innerPlace(context);
  return inner === '' ? place : `${inner} ${place}`;
}

function inContent(context: Context): string {
  const inner = innerPlace(context);
  const place = `in <${context.element}>`;
  return inner === '' ? place : `${inner} ${place}`;
}

function innerPlace(context: Context): string {
  if (context.language === 'script' || context.language === 'json') return SCRIPT_PLACES[context.mode];
  if (context.language === 'css') return CSS_PLACES[context.mode];
  if (context.url === 'component') return 'in the query or fragment of a URL';
  if (context.url === 'start') return 'at the start of a URL';
  return '';
}

const SCRIPT_PLACES: Readonly<Record<LanguageMode, string>> = {
  none: '',
  code: 'in script code',
  '"': 'in a script string',
  "'": 'in a script string',
  '`': 'in a script template literal',
  regexp: 'in a regular expression',
  'regexp class': 'in a regular expression',
  'line comment': 'in a script comment',
  'html comment': 'in a script comment',
  'block comment': 'in a script comment',
  url: '',
  'url "': '',
  "url '": '',
};

const CSS_PLACES: Readonly<Record<LanguageMode, string>> = {
  ...SCRIPT_PLACES,
  code: 'in a CSS value',
  '"': 'in a CSS string',
  "'": 'in a CSS string',
  'block comment': 'in a CSS comment',
  url: 'in a CSS url()',
  'url "': 'in a CSS url()',
  "url '": 'in a CSS url()',
};
