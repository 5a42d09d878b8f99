// Pages for the compiler: pages of random-pages.ts that are cut, mixed and sprinkled with tokens of the scanner, the parser or
// the HTML tokenizer; and such tokens alone.

import fc from 'fast-check';
import { PageWriter, randomFrom } from '../../compiler/random-pages.ts';

const TOKENS = [
  ...['<% ', ' %>', '<%= ', '<%- ', ' -%>', '<%_ ', '<%# ', '<%%', '%%>', '<%= v(1) %>', '%>'],
  ...['{', '}', '(', ')', '[', ']', '`', '${', '"', "'", '/*', '*/', '//', '/', '\\', '\\\r\n'],
  ...['\n', '\r\n', '\r', '\t', ' ', '\u2028', '\ufeff', '\0', '\ud800', '😀'],
  ...[
    '<script>',
    '</script>',
    '<style>',
    '</style>',
    '<textarea>',
    '</title>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
  ],
  ...[
    '<a href=',
    '<p ',
    '>',
    '/>',
    ' onclick="',
    ' style="',
    ' srcset="',
    '=',
    '&#39;',
    '&amp',
    '<svg>',
    '<?',
    '<!',
  ],
  ...['if (a) ', 'else ', 'for (const x of y) ', 'while (a) ', 'do ', 'switch (a) ', 'case 1: ', 'default: '],
  ...[
    'break;',
    'continue;',
    'return',
    'function f() ',
    'async ',
    'await ',
    '=>',
    'class A ',
    'try ',
    'catch ',
  ],
  ...[
    'let x = 1',
    'import x from "./y.ts"',
    'export ',
    ' as string',
    ' satisfies X',
    '!',
    '<T>',
    'enum E ',
    ';',
    ',',
  ],
  ...[
    '?',
    ':',
    '.',
    '...',
    '?.',
    '#x',
    '@',
    '**',
    '1n',
    '0x',
    '/a/v',
    'print(x)',
    'Include("a.pih")',
    'Session()',
    '_a',
  ],
];

/** One token. */
export const token = fc.constantFrom(...TOKENS);

const ordinaryPage = fc.integer().map((seed) => new PageWriter(randomFrom(seed)).page());

const tokenSoup = fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(''));

/** A page with a few tokens put in, or pieces taken out, at places told in thousandths. */
const editedPage = fc
  .tuple(
    ordinaryPage,
    fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 5 }), fc.option(token, { nil: '' })), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([page, edits]) =>
    edits.reduce((text, [place, taken, put]) => {
      const at = Math.floor((text.length * place) / 1000);
      return text.slice(0, at) + put + text.slice(at + taken);
    }, page),
  );

export const pageSources = fc.oneof(
  { weight: 1, arbitrary: ordinaryPage },
  { weight: 4, arbitrary: editedPage },
  { weight: 4, arbitrary: tokenSoup },
);
