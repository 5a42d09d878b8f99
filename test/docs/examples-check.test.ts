// The pages that the documentation shows have no finding between pages, in a site with the pages that the text assumes.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { siteFindings } from '../pages/site-findings.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Pages that the examples of each file assume. */
const ASSUMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': {
    'thanks.pih': '<p>Thank you.</p>',
    '_parts/layout.pih': '<%= CONTENT %>',
    'welcome.pih': '<form action="/3"><input name="name"></form>',
  },
  'docs/sessions.md': { 'welcome.pih': '<form action="/0"><input name="name"></form>' },
  'docs/going-live.md': {},
  'docs/testing.md': { 'index.pih': '<p>Start</p>' },
};

for (const [document, assumed] of Object.entries(ASSUMED))
  test(`the pages of ${document} have no finding`, async (t) => {
    const text = readFileSync(`${REPOSITORY}${document}`, 'utf8');
    const shown = [...text.matchAll(/```html\n([\s\S]*?)```/g)].map(([, page = ''], index) => [
      `site/${index}.pih`,
      page,
    ]);
    t.true(shown.length > 0);
    const others = Object.entries(assumed).map(([name, page]) => [`site/${name}`, page]);
    const found = await siteFindings(t, Object.fromEntries([...shown, ...others]));
    t.deepEqual(
      // A part of a page that explains syntax may not be a page of its own.
      found.filter(({ place }) => !place.startsWith('syntax ')),
      [],
    );
  });
