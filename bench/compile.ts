// Time to compile a page: the demo site's own pages, and one of a thousand lines. Medians of several rounds.
// Run: npm run bench:compile

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePage } from '../engine/compiler/index.ts';

const ROUNDS = 15;
const site = fileURLToPath(new URL('../../site/', import.meta.url));

const pages = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.pih'))
  .map((name) => ({ name, source: readFileSync(join(site, name), 'utf8') }));
const long =
  '<% for (const row of [1, 2, 3] as const) { %>\n  <tr><td><%= row %></td></tr>\n<% } %>\n'.repeat(334);

const first = performance.now();
compilePage(pages[0]?.source ?? '', { file: 'first.pih' });
console.log(`first page, cold         ${(performance.now() - first).toFixed(2)} ms`);
const all = medianOf(() => {
  for (const { name, source } of pages) compilePage(source, { file: name });
});
const bytes = pages.reduce((sum, page) => sum + page.source.length, 0);
console.log(
  `a page of the demo site  ${(all / pages.length).toFixed(2)} ms  (${pages.length} pages, ${Math.round(bytes / pages.length)} characters each)`,
);
console.log(
  `a page of 1,000 lines    ${medianOf(() => compilePage(long, { file: 'long.pih' })).toFixed(2)} ms`,
);

function medianOf(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}
