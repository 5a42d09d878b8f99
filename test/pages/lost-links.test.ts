// Links behind computed parts of a path, and those of static HTML.

import test from 'ava';
import { siteFindings } from './site-findings.ts';

const SHOP = { 'site/shop/[id]/edit.pih': '<p>Edit</p>', 'site/shop/[id]/index.pih': '<p>Item</p>' };

test('a page that is named behind a computed part has to be there', async (t) => {
  const page =
    '<a href="/shop/<%= _x %>/edti">x</a><a href="/shop/<%= _x %>/edit">x</a><a href="/shop/<%= _x %>/edit/">x</a><a href="/?x=1">x</a>';
  const found = await siteFindings(t, { 'site/index.pih': page, ...SHOP });
  t.deepEqual(
    found.map(({ place }) => place),
    ['link-nowhere index.pih:1:4'],
  );
});

const POSSIBLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a file that a program writes': {
    'site/index.pih': '<img src="/shop/<%= _x %>/photo.png" alt="">',
    ...SHOP,
  },
  'a folder without a bracket': {
    'site/index.pih': '<a href="/users/<%= _x %>/about">x</a>',
    'site/users/ann/index.pih': '<p>Ann</p>',
  },
  'a page in a deeper folder': {
    'site/index.pih': '<a href="/shop/<%= _x %>/list">x</a>',
    'site/shop/[id]/items/list.pih': '<p>List</p>',
  },
  'a deeper page with a bracket': {
    'site/index.pih': '<a href="/shop/<%= _x %>/list">x</a>',
    'site/shop/[id]/items/[item].pih': '<p>Item</p>',
  },
  'a computed page': { 'site/index.pih': '<a href="/shop/<%= _x %>/<%= _x %>">x</a>', ...SHOP },
};

for (const [title, files] of Object.entries(POSSIBLE))
  test(`a path with a computed part may lead to ${title}`, async (t) => {
    const { 'site/index.pih': page = '', ...others } = files;
    const sends = `${page}<a href="/?x=1">x</a>`;
    t.deepEqual(await siteFindings(t, { 'site/index.pih': sends, ...others }), []);
  });

test('links and forms of static HTML are judged, at their places', async (t) => {
  const html = `<p><%= a %> {{ b }}</p>
<a href="/nowhere">x</a><a href="{{ url }}">x</a><a href="/<%= url %>">x</a><a href="/">x</a>
<form action="/nowhere2" method="post"><input type="file" name="x"></form>
<form action="/find"><input name="qq"><input name="{{ name }}"></form>`;
  const pages = { 'site/index.pih': '<p>x</p>', 'site/find.pih': '<p><%= _q %></p><a href="?q=1">x</a>' };
  const found = await siteFindings(t, { 'site/old/lost.html': html, ...pages });
  t.deepEqual(
    found.map(({ place }) => place),
    [
      'link-nowhere old/lost.html:2:4',
      'form-nowhere old/lost.html:3:1',
      'form-enctype old/lost.html:3:59',
      'form-field-unread old/lost.html:4:29',
    ],
  );
});

test('a script in static HTML may send a field', async (t) => {
  const html = "<script>fetch('/?q=1'); const sent = { city: 1 };</script>";
  t.deepEqual(await siteFindings(t, { 'site/a.html': html, 'site/index.pih': '<p><%= _city %></p>' }), []);
});
