// The text of docs/errors.md: the reference of all error codes, made from their tables and from pages of the tests.

import { cliCodes } from '../engine/diagnostics/codes/cli-codes.ts';
import { compileCodes } from '../engine/diagnostics/codes/compile-codes.ts';
import { configCodes } from '../engine/diagnostics/codes/config-codes.ts';
import { escapingCodes } from '../engine/diagnostics/codes/escaping-codes.ts';
import { flowCodes } from '../engine/diagnostics/codes/flow-codes.ts';
import { httpCodes } from '../engine/diagnostics/codes/http-codes.ts';
import { onceCodes } from '../engine/diagnostics/codes/once-codes.ts';
import { pagesCodes } from '../engine/diagnostics/codes/pages-codes.ts';
import { sessionCodes } from '../engine/diagnostics/codes/session-codes.ts';
import { siteCodes } from '../engine/diagnostics/codes/site-codes.ts';
import { typeCheckCodes } from '../engine/diagnostics/codes/type-check-codes.ts';
import { visitCodes } from '../engine/diagnostics/codes/visit-codes.ts';
import { CODES, type Code } from '../engine/diagnostics/codes.ts';
import { excerpt } from '../engine/diagnostics/excerpt.ts';
import { Lines } from '../engine/diagnostics/position.ts';
import { COMPILED } from '../test/pages/error-places/compile-rows.ts';

const AREAS: readonly (readonly [title: string, table: object])[] = [
  ['Pages and modules that do not compile, and warnings', compileCodes],
  ['Values where no value is safe, and ambiguous HTML', escapingCodes],
  ['Control flow that prints', flowCodes],
  ['Finding, loading and running pages', pagesCodes],
  ['Requests and responses', httpCodes],
  ['Forms that arrive more than once', onceCodes],
  ['Sessions and their stores', sessionCodes],
  ['The configuration', configCodes],
  ['The command line and the server process', cliCodes],
  ['Checking types', typeCheckCodes],
  ['Forms, links and HTML between pages', siteCodes],
  ['Visiting a site in tests', visitCodes],
];

const HEAD = `# Error codes

Every error of Karrigell has a code. \`karrigell check\` and the log print it with the place, the text and the remedy; programs
find it as \`code\` of a \`Problem\`. A word in braces stands for a value of the actual error. Without another status, a visitor
who meets the error gets 500.

This file is generated from the tables in \`engine/diagnostics/codes/\` by \`npm run docs\`.
`;

/** The whole reference as Markdown. */
export function errorReference(): string {
  return [HEAD, ...AREAS.map(([title, table]) => areaText(title, table))].join('\n');
}

/** The codes that are in no area, and so not in the reference. */
export function unlistedCodes(): string[] {
  const listed = new Set(AREAS.flatMap(([, table]) => Object.keys(table)));
  return Object.keys(CODES).filter((code) => !listed.has(code));
}

function areaText(title: string, table: object): string {
  return [`## ${title}\n`, ...Object.keys(table).filter(isCode).map(codeText)].join('\n');
}

function isCode(name: string): name is Code {
  return Object.hasOwn(CODES, name);
}

function codeText(code: Code): string {
  const { text, remedy, status } = CODES[code];
  const parts = [`### ${code}`, `${sentence(text)}`, `Remedy: ${markdown(remedy)}`];
  if (status !== undefined) parts.push(`HTTP status: ${status}`);
  const example = exampleOf(code);
  if (example !== undefined) parts.push(`Example:\n\n\`\`\`text\n${example}\n\`\`\``);
  return `${parts.join('\n\n')}\n`;
}

function sentence(text: string): string {
  const start = /^[a-z]\w* /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return markdown(/[.?!]$/.test(start) ? start : `${start}.`);
}

/** The text with `<` and `*` escaped, except in code between backticks. */
function markdown(text: string): string {
  const parts = text.split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith('`') ? part : part.replace(/[<*[\]]/g, '\\$&'))).join('');
}

const MARK = '‸';

/** A page with the error, and a caret under it; undefined if no page alone causes the error. */
function exampleOf(code: Code): string | undefined {
  const page = COMPILED.find(
    ([other, source, files]) => other === code && files === undefined && source.includes(MARK),
  )?.[1];
  if (page === undefined) return undefined;
  const source = page.replace(MARK, '');
  const { line, column } = new Lines(source).at(page.indexOf(MARK));
  return excerpt(source, line, column);
}
