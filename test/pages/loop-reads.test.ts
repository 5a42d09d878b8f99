// Fields and session attributes whose names come from loops over lists of the source.

import test from 'ava';
import { siteFindings } from './site-findings.ts';

const FORM = '<form><input name="min"><input name="maxx"></form>';

const LOOPS: Readonly<Record<string, string>> = {
  'a list of texts': "for (const key of ['min', 'max'] as const) print(QUERY[key] ?? '');",
  'a list of objects': "for (const { key } of [{ key: 'min' }, { key: 'max' }]) print(QUERY[key] ?? '');",
};

for (const [title, code] of Object.entries(LOOPS))
  test(`the fields that a loop over ${title} reads are known`, async (t) => {
    const found = await siteFindings(t, { 'site/index.pih': `<% ${code} %>${FORM}` });
    t.deepEqual(found.map(({ text }) => text).sort(), [
      '/index.pih does not read the field maxx of this form; the nearest is max',
      'no form, link or redirect of this site sends the field max; the nearest is maxx',
    ]);
  });

test('a loop over a list that is filled elsewhere may read any field', async (t) => {
  const code =
    "const keys = ['min']; keys.push(String(Date.now())); for (const key of keys) print(QUERY[key] ?? '');";
  t.deepEqual(await siteFindings(t, { 'site/index.pih': `<% ${code} %>${FORM}` }), []);
});

test('the session attributes that a loop writes are known', async (t) => {
  const code =
    "const s = Session(); if (REQUEST.method === 'POST') for (const key of ['left', 'right']) s.set(key, 1);";
  const found = await siteFindings(t, {
    'site/index.pih': `<% ${code} %><p><%= s.left %><%= s.rihgt %></p>`,
  });
  t.deepEqual(
    found.map(({ text }) => text),
    ['no page of this site writes the session attribute rihgt; the nearest is right'],
  );
});
