// The positions of a page in which code can fail.

import type { Files } from './place.ts';
import type { FailingCode } from './run-time-rows.ts';

/** A site whose page `index.pih` fails; undefined if the code cannot be written in this form. */
type Variant = (code: FailingCode) => Files | undefined;

const statementOf = ({ statement, expression }: FailingCode) => statement ?? `${expression};`;
const asPage = (text: string): Files => ({ 'index.pih': text });

/** Text and outputs around it are merged into one expression. */
const output =
  (mark: string, behind = ''): Variant =>
  ({ before = '', expression, awaits }) => {
    if (expression === undefined || (awaits === true && behind === '')) return undefined;
    return asPage(
      `<% ${before} const one: number = 1 %>\n<ul><li><%= one %></li> <li title="x"><b>x</b><%= 'y' %> <${mark} ${expression} %></li><%= one %></ul>${behind}`,
    );
  };

const VARIANTS: Readonly<Record<string, Variant>> = {
  'at the top': (code) => synchronous(code, `<p>a</p>\n<% ${statementOf(code)} %>\n<p>b</p>`),
  'behind an await': (code) =>
    asPage(`<p>a</p>\n<% ${code.before ?? ''} await null; %><b><%= 1 %></b>\n <% ${statementOf(code)} %>`),
  'in a loop': (code) =>
    synchronous(
      code,
      `<ul>\n<% for (const n of [1, 2]) { %><li><%= n %></li>\n<% ${statementOf(code)} } %></ul>`,
    ),
  'in a callback that prints': (code) =>
    synchronous(
      code,
      `<ul>\n<% [1].forEach((n) => { %><li><%= n %></li>\n<% ${statementOf(code)} }) %></ul>`,
    ),
  'in a callback': (code) =>
    synchronous(
      code,
      `<ul>\n<li><%= [1].map((n) => { const m: number = n;\n ${statementOf(code)} }) %></ul>`,
    ),
  'in an asynchronous callback': (code) =>
    asPage(
      `<% ${code.before ?? ''} const run = async () => { await null; %><i>\n<% ${statementOf(code)} %></i><% } %><% await run() %>`,
    ),
  'in a page that is included': (code) =>
    synchronous(code, '') && {
      'index.pih': "<p>a</p>\n<% Include('_parts/part.pih') %>",
      ...inParts(code, `<p>a</p>\n  <% ${code.before ?? ''} ${statementOf(code)} %>`),
    },
  'in an asynchronous page that is included': (code) => ({
    'index.pih': "<p>a</p>\n<% await Include('_parts/part.pih') %>",
    ...inParts(code, `<p>a</p>\n <%= await 1 %> <% ${code.before ?? ''} ${statementOf(code)} %>`),
  }),
  'in an output': output('%='),
  'in an output as it is': output('%-'),
  'in an output of an asynchronous page': output('%=', '<%= await 1 %>'),
  'on the second line of an output': ({ before = '', expression, awaits }) =>
    expression === undefined || awaits === true
      ? undefined
      : asPage(`<% ${before} %><p><%= 1 %> <%=\n   ${expression}\n%></p>`),
};

function synchronous(code: FailingCode, page: string): Files | undefined {
  if (code.awaits === true) return undefined;
  return asPage(`<% ${code.before ?? ''} %>${page}`);
}

/** The sites in which the code fails, by the name of the variant. */
export function variantsOf(code: FailingCode): { name: string; files: Files }[] {
  return Object.entries(VARIANTS).flatMap(([name, variant]) => {
    const files = variant(code);
    return files === undefined ? [] : [{ name, files: { ...code.files, ...files } }];
  });
}

/** Paths of the code are relative to its page. */
function inParts({ files = {} }: FailingCode, page: string): Files {
  const moved = Object.entries(files).flatMap(([name, text]): [string, string][] => [
    [`_parts/${name}`, text],
    [name, text.replace('‸', '')],
  ]);
  return { ...Object.fromEntries(moved), '_parts/part.pih': page };
}
