// Time to compile a page, in milliseconds of CPU: the demo site's own pages, one of a thousand lines, and one of 4 kB with
// 72 outputs. The last one is compared with the time to parse its HTML with parse5 and its generated code with acorn. The pages are
// compiled in alternation; the figures are medians of several rounds.
// Run: npm run bench:compile

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Parser } from 'acorn';
import { parse } from 'parse5';
import { compilePage } from '../engine/compiler/index.ts';
import { busyPage } from './busy-page.ts';

const ROUNDS = 40;
/** Rounds until V8 has optimized the measured code. */
const WARM_UP = 10;
const BUSY_PAGES = 20;
const site = fileURLToPath(new URL('../../site/', import.meta.url));

const pages = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.pih'))
  .map((name) => ({ name, source: readFileSync(join(site, name), 'utf8') }));
const long =
  '<% for (const row of [1, 2, 3] as const) { %>\n  <tr><td><%= row %></td></tr>\n<% } %>\n'.repeat(334);
const busy = Array.from({ length: BUSY_PAGES }, (_, number) => busyPage(number));

const cold = spent(() => compilePage(pages[0]?.source ?? '', { file: 'first.pih' }));
const generated = busy.map((source) => compilePage(source, { file: 'busy.pih' }).code);
const texts = busy.map((source) => source.replace(/<%[\s\S]*?%>/g, 'x'));

const [demo = 0, thousand = 0, compiling = 0, parsing = 0] = medians([
  () => {
    for (const { name, source } of pages) compilePage(source, { file: name });
  },
  () => compilePage(long, { file: 'long.pih' }),
  () => {
    for (const source of busy) compilePage(source, { file: 'busy.pih' });
  },
  () => {
    for (const text of texts) parse(text);
    for (const code of generated) parseCode(code);
  },
]);
const length = Math.round(pages.reduce((sum, page) => sum + page.source.length, 0) / pages.length);
print('first page, cold', cold);
print('a page of the demo site', demo / pages.length, `(${pages.length} pages, ${length} characters each)`);
print('a page of 1,000 lines', thousand);
print('a page of 72 outputs', compiling / busy.length, `(${busy[0]?.length} characters)`);
print('parsing it', parsing / busy.length, '(parse5 on its text, acorn on its generated code)');
console.log(`${'compiling / parsing'.padEnd(24)} ${(compiling / parsing).toFixed(2)}`);

function parseCode(code: string): void {
  Parser.parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
}

function medians(works: readonly (() => void)[]): number[] {
  const times: number[][] = works.map(() => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round++)
    for (const [index, work] of works.entries()) {
      const time = spent(work);
      if (round >= WARM_UP) times[index]?.push(time);
    }
  return times.map((each) => each.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0);
}

/** CPU time, because other programs change it little. */
function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function print(name: string, milliseconds: number, note = ''): void {
  console.log(`${name.padEnd(24)} ${milliseconds.toFixed(2)} ms  ${note}`.trimEnd());
}
