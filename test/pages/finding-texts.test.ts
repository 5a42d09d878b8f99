// Texts and remedies of findings about fields and session attributes, where the mistake itself is found by site-check.test.ts.

import test from 'ava';
import { siteFindings } from './site-findings.ts';

const WRITES: Readonly<Record<string, string>> = {
  'a list pattern': "[s.left, s.right] = ['a', 'b'];",
  'an object pattern': '({ a: s.left, ...s.right } = { a: 1, b: 2 });',
  'a pattern with a default': "[s.left = 'a', s.right = 'b'] = [];",
  'a loop': 'for (s.left of [1, 2]); for (s.right in { a: 1 });',
};

for (const [title, statement] of Object.entries(WRITES))
  test(`${title} writes the session attributes in it`, async (t) => {
    const page = `<% const s = Session(); if (REQUEST.method === 'POST') { ${statement} } %><p><%= s.left %></p>`;
    t.deepEqual(await siteFindings(t, { 'site/index.pih': page }), []);
  });

test('a member in a pattern that is computed from an attribute is a read', async (t) => {
  const page = '<% const s = Session(); let a; const names = {}; [a = s.first, names[s.second]] = []; %>';
  const found = await siteFindings(t, { 'site/index.pih': page });
  t.deepEqual(
    found.map(({ text }) => /attribute (\w+)/.exec(text)?.[1]),
    ['first', 'second'],
  );
});

const DECLARATIONS: Readonly<Record<string, string>> = {
  q: '{ q: string }',
  'tag[]': "{ 'tag[]': string[] }",
  'post-code': "{ 'post-code': string }",
};

for (const [name, type] of Object.entries(DECLARATIONS))
  test(`the remedy of an unsent field ${name} is a type that TypeScript reads`, async (t) => {
    const page = `<p><%= QUERY['${name}'] %></p>`;
    const [found, ...others] = await siteFindings(t, { 'site/index.pih': page });
    t.deepEqual(others, []);
    t.true(found?.remedy.includes(`\`type Fields = ${type}\``), found?.remedy);
    t.deepEqual(await siteFindings(t, { 'site/index.pih': `<% type Fields = ${type}; %>${page}` }), []);
  });

test('the types of an attribute are named with their articles', async (t) => {
  const page = "<% const s = Session(); s.list = ['a']; s.list = { a: 1 }; %>";
  const [found] = await siteFindings(t, { 'site/index.pih': page });
  t.is(found?.text, 'the session attribute list gets an object here, and a list in /index.pih:1');
});

test('no other short name is the nearest one', async (t) => {
  const page =
    '<% const s = Session(); s.list = [\'a\']; %><p><%= s.left %> <%= _id %></p><form><input name="up"></form>';
  const found = await siteFindings(t, { 'site/index.pih': page });
  t.deepEqual(
    found.map(({ text }) => text.includes('nearest')),
    [false, false, false],
  );
});

test('an id whose tag is printed more than once has no other place', async (t) => {
  const part = '<p id="a">x</p>';
  const page = "<% Include('_part.pih'); Include('_part.pih'); %>";
  const [found] = await siteFindings(t, { 'site/index.pih': page, 'site/_part.pih': part });
  t.is(found?.text, 'the id a stands on this page twice; its tag is printed more than once');
});
