// Findings between the pages of a site. In each row `‸` marks the place of the one finding; rows without it have none.

import test from 'ava';
import { siteFindings } from './site-findings.ts';

interface Row {
  readonly title: string;
  readonly code?: string;
  readonly severity?: 'error' | 'warning';
  readonly files: Readonly<Record<string, string>>;
  /** A part of the finding's text. */
  readonly text?: string;
}

const READS_Q = '<p><%= _q %></p>';

const ROWS: readonly Row[] = [
  {
    title: 'a link to a page that is not there',
    code: 'link-nowhere',
    severity: 'error',
    files: { 'index.pih': '<p>\n<a ‸href="/abuot">About</a></p>', 'about.pih': '<p>About</p>' },
    text: '<a href> leads to /abuot, where this site has nothing; the nearest is /about',
  },
  {
    title: 'a resource that is not there',
    code: 'link-nowhere',
    severity: 'error',
    files: { 'index.pih': '<img ‸src="logo.png" alt="">', 'logo2.png': '' },
  },
  {
    title: 'a link of a part, from the page that includes it',
    code: 'link-nowhere',
    severity: 'error',
    files: {
      'shop/index.pih': "<% Include('/_parts/nav.pih') %>",
      'shop/cart.pih': '<p>Cart</p>',
      '_parts/nav.pih': '<a href="cart">Cart</a> <a ‸href="order">Order</a>',
    },
  },
  {
    title: 'a link from a loop over a constant of a module',
    code: 'link-nowhere',
    severity: 'error',
    files: {
      'index.pih':
        '<% import { PLACES } from \'./_places.ts\'; for (const { path } of PLACES) { %><a href="<%= path %>">x</a><% } %>',
      '_places.ts': "export const PLACES = [{ path: '/' }, { path: ‸'/non' }] as const;",
    },
  },
  {
    title: 'a redirect that leads nowhere',
    code: 'redirect-nowhere',
    severity: 'error',
    files: { 'index.pih': '<% if (_q) redirect(‸\'/thanks\'); %><form><input name="q"></form>' },
  },
  {
    title: 'a form that is sent nowhere',
    code: 'form-nowhere',
    severity: 'error',
    files: {
      'index.pih': '<p>x</p>‸<form action="/serach"><input name="q"></form>',
      'search.pih': '<p>Search</p>',
    },
  },
  {
    title: 'an anchor of another page',
    code: 'anchor-missing',
    severity: 'warning',
    files: { 'index.pih': '<a ‸href="/faq#shiping">x</a>', 'faq.pih': '<h2 id="shipping">x</h2>' },
    text: '/faq.pih has no element with the id shiping; the nearest is shipping',
  },
  {
    title: 'an anchor of the page itself, whose layout has another one',
    code: 'anchor-missing',
    severity: 'warning',
    files: {
      'index.pih': '<% Layout(\'_layout.pih\'); %><a ‸href="#mian">x</a><a href="#main">y</a>',
      '_layout.pih': '<main id="main"><%= CONTENT %></main>',
    },
    text: '/index.pih has no element with the id mian; the nearest is main',
  },
  {
    title: 'an anchor of a page with a bracket, in a part of it',
    code: 'anchor-missing',
    severity: 'warning',
    files: {
      'index.pih': '<a href="/item/7#price">x</a><a ‸href="/item/7#cost">y</a>',
      'item/[id].pih': "<% if (PARAMS.id) Include('_price.pih'); %>",
      'item/_price.pih': '<a name="price">x</a>',
    },
  },
  {
    title: 'a file in a form without enctype',
    code: 'form-enctype',
    severity: 'error',
    files: {
      'index.pih':
        '<% print(FILES.photo?.name) %><form method="post"><input type="file" ‸name="photo"></form>',
    },
  },
  {
    title: 'a password in a GET form',
    code: 'form-password-get',
    severity: 'error',
    files: { 'index.pih': '<% print(_pw) %><form><input type="password" ‸name="pw"></form>' },
  },
  {
    title: 'a list that is read as a text',
    code: 'form-list-mismatch',
    severity: 'error',
    files: { 'index.pih': '<% print(_tag) %><form><input type="checkbox" ‸name="tag[]"></form>' },
  },
  {
    title: 'a field that the page does not read',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'index.pih': '<form action="/search"><input ‸name="qq"><input name="q"></form>',
      'search.pih': READS_Q,
    },
    text: '/search.pih does not read the field qq of this form',
  },
  {
    title: 'a field whose name comes from the data of an Include, at that data',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'index.pih':
        "<form action=\"/search\"><% Include('_field.pih', { name: 'q' }); Include('_field.pih', { name: ‸'qq' }) %></form>",
      '_field.pih': '<% type Args = { name: string }; const { name } = ARGS; %><input name="<%= name %>">',
      'search.pih': READS_Q,
    },
  },
  {
    title: 'a field of a form that opens in one part and closes in another',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'index.pih': "<% Include('_open.pih'); %><input ‸name=\"qq\"><% Include('_close.pih') %>",
      '_open.pih': '<form action="/search"><input name="q">',
      '_close.pih': '</form>',
      'search.pih': READS_Q,
    },
  },
  {
    title: 'a field outside of its form',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'index.pih': '<form id="f" action="/search"><input name="q"></form><input form="f" ‸name="qq">',
      'search.pih': READS_Q,
    },
  },
  {
    title: 'a field in a branch that no other branch has',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'index.pih':
        '<% const a = Math.random(); %><form action="/search"><% if (a) { %><input name="q"><% } else if (a < 1) { %><b>x</b><% } else { %><input ‸name="qq"><% } %></form>',
      'search.pih': READS_Q,
    },
  },
  {
    title: 'a field of a form in a layout',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'index.pih': "<% Layout('_layout.pih'); %><p>x</p>",
      '_layout.pih': '<form action="/search"><input name="q"><input ‸name="lang"></form><%= CONTENT %>',
      'search.pih': READS_Q,
    },
  },
  {
    title: 'a field that nothing sends',
    code: 'field-unsent',
    severity: 'warning',
    files: {
      'index.pih':
        '<% print(_page); %><form><input name="q"></form><p><%= ‸_qq %> <%= _q %></p><a href="?page=2">2</a>',
    },
  },
  {
    title: 'an attribute that is never written',
    code: 'session-attribute-unwritten',
    severity: 'warning',
    files: {
      'index.pih': "<% const s = Session(); s.count = 1; %><p><%= ‸s.cuont %><%= s.get('count') %></p>",
    },
    text: 'no page of this site writes the session attribute cuont; the nearest is count',
  },
  {
    title: 'an attribute with two types',
    code: 'session-attribute-types',
    severity: 'warning',
    files: {
      'a.pih': '<% const s = Session(); s.count = 1; %><p><%= s.count %></p>',
      'b.pih': "<% const s = Session(); ‸s.count = 'one'; %>",
    },
  },
  {
    title: 'an element that is not closed',
    code: 'markup-unclosed',
    severity: 'warning',
    files: { 'index.pih': '<p>‸<b>x</p>' },
  },
  {
    title: 'an end tag without an element',
    code: 'markup-stray-end',
    severity: 'warning',
    files: { 'index.pih': "<% Include('_a.pih') %><p>x</p>", '_a.pih': '<p>x</p>‸</div>' },
  },
  {
    title: 'a block in a paragraph',
    code: 'markup-paragraph',
    severity: 'warning',
    files: { 'index.pih': '<p>x<div>y</div>‸</p>' },
  },
  {
    title: 'elements that overlap',
    code: 'markup-misnested',
    severity: 'warning',
    files: { 'index.pih': '<p>‸<b>x</p><p>y</b></p>' },
  },
  {
    title: 'an element between the rows of a table',
    code: 'markup-misplaced',
    severity: 'warning',
    files: { 'index.pih': '<table>‸<div>x</div><tr><td>y</td></tr></table>' },
  },
  {
    title: 'a tag that cannot be read',
    code: 'markup-syntax',
    severity: 'warning',
    files: { 'index.pih': '<p class="a"‸id="b">x</p>' },
  },
  {
    title: 'an attribute that stands in a tag twice',
    code: 'attribute-twice',
    severity: 'warning',
    files: { 'index.pih': '<p class="a" ‸class="b">x</p>' },
  },
  {
    title: 'an id of a part that the page has too',
    code: 'id-twice',
    severity: 'warning',
    files: { 'index.pih': '<p id="a">x</p><% Include(\'_a.pih\') %>', '_a.pih': '<b ‸id="a">x</b>' },
  },
  {
    title: 'a label without its field',
    code: 'label-without-field',
    severity: 'warning',
    files: { 'index.pih': '<label ‸for="emial">x</label><input id="email">' },
    text: 'the nearest is email',
  },
  {
    title: 'an image without a text',
    code: 'image-without-alt',
    severity: 'warning',
    files: { 'index.pih': '<p>‸<img src="data:,"></p>' },
  },
  {
    title: 'a list that gets more items may be any list',
    files: {
      'index.pih':
        '<% const names: string[] = []; if (_a) names.push("b"); if (names.length) { %><p id="some"><% for (const name of names) { %><a href="?b=<%= name %>">x</a><% } %></p><% } %><a href="?a=1#some">y</a><%= _b %>',
    },
  },
  {
    title: 'a wrong link in a loop over a list that is filled elsewhere',
    code: 'link-nowhere',
    severity: 'error',
    files: {
      'index.pih':
        '<% const groups: Record<string, string[]> = {}; for (const name of ["a", "b"]) (groups[name] ??= []).push(name); for (const [key, names] of Object.entries(groups)) { for (const name of names) { %><a ‸href="/tpyo"><%= key + name %></a><% } } %>',
    },
  },
  {
    title: 'a list of a module that the module or a page fills',
    files: {
      'index.pih':
        '<% import { posts, add } from "./_posts.ts"; if (_text) add(_text); for (const post of posts) { %><form><button name="remove" value="<%= post %>">x</button></form><% } if (posts.length) { %><p id="some">x</p><% } if (_remove) posts.splice(Number(_remove), 1); %><form><input name="text"></form><a href="#some">x</a>',
      '_posts.ts':
        'export const posts: string[] = ["x"]; export function add(text: string): void { posts.length = 0; posts.push(text); }',
    },
  },
  {
    title: 'a member that is assigned, directly, by another name or in a function',
    files: {
      'index.pih':
        '<% import { settings, show } from "./_settings.ts"; const state = { a: false, b: false, deep: { c: false } }; const other = state; function change(target: { c: boolean }) { target.c = true; } if (_x) { show(); other.b = true; change(state.deep); } if (state.b) { %><p id="b">x</p><% } if (state.deep.c) { %><p id="c">x</p><% } if (settings.shown) { %><p id="s">x</p><% } %><a href="?x=1#b">x</a><a href="#c">x</a><a href="#s">x</a>',
      '_settings.ts':
        'export const settings = { shown: false }; export function show(): void { settings.shown = true; }',
    },
  },
  {
    title: 'an item that a loop or a callback changes, and a list that unknown code gets',
    files: {
      'index.pih':
        '<% import { fill } from "./_fill.ts"; const rows = [{ on: false }]; rows.forEach((row) => { row.on = Boolean(_x); }); const tabs = [{ on: false }]; for (const tab of tabs) tab.on = true; const list = ["a"]; fill(list); if (rows[0].on) { %><p id="r">x</p><% } if (tabs[0].on) { %><p id="t">x</p><% } if (list.length > 1) { %><p id="l">x</p><% } %><a href="?x=1#r">x</a><a href="#t">x</a><a href="#l">x</a>',
      '_fill.ts': 'export function fill(list: string[]): void { list.push("b"); }',
    },
  },
  {
    title: 'a list of some items of another one may be empty',
    files: {
      'index.pih':
        '<% const all = ["a", "b"]; const chosen = all.filter((each) => QUERY["c[]"].includes(each)); if (chosen.length) { %><p><%= chosen.join() %></p><% } else { %><form><% for (const each of all) { %><input type="checkbox" name="c[]" value="<%= each %>"><% } %></form><% } %>',
    },
  },
  {
    title: 'a link from a list that is only read',
    code: 'link-nowhere',
    severity: 'error',
    files: {
      'index.pih':
        '<% import { titleOf } from "./_title.ts"; const places = [{ path: "/" }, { path: ‸"/non" }]; function label(place: { path: string }) { return titleOf(place.path); } const sorted = [...places].filter(({ path }) => path !== _x); for (const place of sorted) { %><a href="<%= place.path %>"><%= label(place) %></a><% } %><a href="?x=1">x</a>',
      '_title.ts': 'export function titleOf(path: string): string { return path; }',
    },
  },
  {
    title: 'an id under a condition that is true in one round of a loop',
    files: {
      'index.pih':
        '<% const now = REQUEST.path; for (const size of ["s", "m", "l"]) { %><input type="radio"<% if (size === now) { %> id="preset"<% } %>><% } ["a", "b", "c", "d"].forEach((step, at) => { const isLast = step === now; %><i<% if (at === 0) { %> id="first"<% } %>></i><% if (isLast) { %><b id="last">x</b><% } }); %><%= ["a", "b"].map((each) => each === now ? html`<u id="each">x</u>` : html`<u>y</u>`) %>',
      'switch.pih':
        '<% const now = REQUEST.path; for (const tab of ["a", "b", "c", "d"]) { switch (tab === now) { case true: %><b id="tab">x</b><% } try { JSON.parse(tab); } catch { %><b id="wrong">x</b><% } } %>',
    },
  },
  {
    title: 'an id in a loop that is left behind it, and one of a list of which a part is shown',
    files: {
      'index.pih':
        '<% const now = REQUEST.path; for (const step of ["a", "b", "c"]) { if (step.startsWith(now)) { %><p id="now">x</p><% break; } } for (const step of ["a", "b"]) { if (step !== now) continue; %><p id="then">x</p><% } for (const step of ["a", "b"].filter((each) => each === now)) { %><p id="found"><%= step %></p><% } for (const name of ["a", "b"]) Include("_tab.pih", { name, now }); %>',
      '_tab.pih':
        '<% type Args = { name: string; now: string }; const { name, now } = ARGS; %><i<% if (name === now) { %> id="tab"<% } %>></i>',
    },
  },
  {
    title: 'an id in every round of a loop',
    code: 'id-twice',
    severity: 'warning',
    files: {
      'index.pih':
        '<% for (const name of ["a", "b"]) { if (_x) { %>x<% } %><p ‸id="row"><%= name %></p><% } %><a href="?x=1">x</a>',
    },
  },
  {
    title: 'a condition on a constant of the loop that is true in one round',
    code: 'link-nowhere',
    severity: 'error',
    files: {
      'index.pih':
        '<% for (const [at, path] of Object.entries({ a: "/non", b: "/" })) { if (at === "b") { %><a href="<%= path %>">x</a><% } else if (at !== "b") { %><a ‸href="/nowhere">x</a><% } } %>',
    },
  },
  {
    title: 'elements around the groups of a list',
    files: {
      'index.pih':
        "<% import { rows } from './_rows.ts'; let last = ''; for (const row of rows()) { if (row.group !== last) { if (last) { %></ul><% } last = row.group; %><h2>x</h2><ul><% } %><li><%= row.name %></li><% } if (last) { %></ul><% } %>",
      'first.pih':
        "<% import { rows } from './_rows.ts'; let open = false; for (const row of rows()) { if (!open) { open = true; %><section><% } %><p><%= row.name %></p><% } if (open) { %></section><% } %>",
      'table.pih':
        "<% import { rows } from './_rows.ts'; let last: string | undefined; rows().forEach((row) => { const isNew = row.group !== last; if (isNew) { if (last !== undefined) { %></tbody></table><% } last = row.group; %><table><tbody><% } %><tr><td><%= row.name %></td></tr><% }); if (last !== undefined) { %></tbody></table><% } %>",
      'grid.pih':
        "<% import { rows } from './_rows.ts'; const all = rows(); all.forEach((row, i) => { if (i % 3 === 0) { if (i) { %></div><% } %><div><% } %><b><%= row.name %></b><% }); if (all.length) { %></div><% } %>",
      'entries.pih':
        "<% import { rows } from './_rows.ts'; for (const [i, row] of rows().entries()) { if (i % 3 === 0) { if (i > 0) { %></div><% } %><div><% } %><b><%= row.name %></b><% } %></div>",
      'count.pih':
        "<% import { rows } from './_rows.ts'; const all = rows(); for (let i = 0; i < all.length; i++) { if (i % 2 === 0) { if (i > 0) { %></div><% } %><div><% } %><b><%= all[i]?.name %></b><% } if (all.length) { %></div><% } %>",
      'state.pih':
        "<% import { rows } from './_rows.ts'; const state = { open: false }; for (const row of rows()) { if (!state.open) { state.open = true; %><section><% } %><p><%= row.name %></p><% } if (state.open) { %></section><% } %>",
      'seen.pih':
        "<% import { rows } from './_rows.ts'; const seen = new Set<string>(); for (const row of rows()) { if (!seen.has(row.group)) { if (seen.size) { %></ul><% } seen.add(row.group); %><ul><% } %><li>x</li><% } if (seen.size) { %></ul><% } %>",
      'depth.pih':
        "<% import { rows } from './_rows.ts'; let depth = 0; for (const row of rows()) { while (depth < row.name.length) { depth++; %><ul><% } while (depth > row.name.length) { depth--; %></ul><% } %><li>x</li><% } while (depth > 0) { depth--; %></ul><% } %>",
      '_rows.ts':
        "export function rows(): { group: string; name: string }[] { return [{ group: 'a', name: 'x' }]; }",
    },
  },
  {
    title: 'an element that is opened and closed under a variable that is assigned before',
    files: {
      'index.pih':
        '<% let mine = false; if (REQUEST.path === "/x") mine = true; if (mine) { %><form action="/find"><% } %><input name="q"><% if (mine) { %></form><form action="/other"><% } %><input name="x"><% if (mine) { %></form><% } %>',
      'find.pih': READS_Q,
      'other.pih': '<p><%= _x %></p>',
    },
  },
  {
    title: 'an end tag without an element, in a branch of a loop',
    code: 'markup-stray-end',
    severity: 'warning',
    files: {
      'index.pih':
        "<% import { rows } from './_rows.ts'; for (const row of rows()) { if (row.name) { %><p>x</p>‸</div><% } } %>",
      '_rows.ts': "export function rows(): { name: string }[] { return [{ name: 'x' }]; }",
    },
  },
  {
    title: 'a site without mistakes',
    files: {
      'index.pih':
        '<% const s = Session(); s.n = (s.get("n", 0)) + 1; %><a href="/b?x=1#c">b</a><a href="#top">t</a><a href="//other.example/x">o</a><a href="mailto:a@b.c">m</a>',
      'b.pih': '<p id="c"><%= _x %></p><a href="./">home</a><a href="index.pih">home</a><a href="img/">i</a>',
      'img/index.html': '<p>x</p>',
    },
  },
  {
    title: 'branches that exclude each other print half an element each',
    files: {
      'index.pih':
        '<% const a = Math.random(); %><% if (a) { %><div><% } %><p<% if (a) { %> class="a"<% } else { %> class="b"<% } %>>x</p><% if (a) { %></div><% } %>',
    },
  },
  {
    title: 'conditions that are written differently may mean the same',
    files: {
      'index.pih':
        '<% const a = Math.random(); const b = !a; %><% if (a) { %><div id="x"><% } %>x<% if (!b) { %></div><% } else { %><p id="x">y</p><% } %>',
    },
  },
  {
    title: 'a page that hands QUERY on may read any field',
    files: {
      'index.pih': '<form action="/all"><input name="a"></form>',
      'all.pih': '<p><%= Object.keys(QUERY).length %></p>',
    },
  },
  {
    title: 'a field with a computed name may be any field',
    files: {
      'index.pih': '<% const n = String(Math.random()); %><form action="/b"><input name="<%= n %>"></form>',
      'b.pih': '<p><%= _any %></p>',
    },
  },
  {
    title: 'others may send what `type Fields` declares',
    files: { 'hook.pih': '<% type Fields = { token: string }; if (_token) print(_token); %>' },
  },
  {
    title: 'a link to a page with a bracket, and one whose end is computed',
    files: {
      'index.pih': '<% const id = Math.random(); %><a href="/item/<%= id %>">x</a><a href="/item/7">y</a>',
      'item/[id].pih': '<p><%= PARAMS.id %></p><a href="./">z</a>',
      'item/index.pih': '<p>x</p>',
    },
  },
  {
    title: 'a link with a computed part into a folder that the site does not have',
    code: 'link-nowhere',
    severity: 'warning',
    files: {
      'index.pih': '<% const n = Math.random(); %><a ‸href="/itme/<%= n %>">x</a>',
      'item/[id].pih': 'x',
    },
    text: '/itme/…',
  },
  {
    title: 'links with a computed part into a folder that holds no such file yet',
    files: {
      'index.pih':
        '<% const n = Math.random(); %><img src="/uploads/<%= n %>" alt=""><a href="/uploads/big-<%= n %>.png">x</a>',
      'uploads/.gitkeep': '',
    },
  },
  {
    title: 'a script may send a field',
    files: { 'api.pih': '<p><%= _term %></p>', 'find.js': "fetch('/api?term=' + encodeURIComponent(text))" },
  },
  {
    title: 'names in literal queries of computed addresses',
    files: {
      'index.pih':
        '<a href="<%= REQUEST.path %>?lang=de">x</a><a href="https://<%= REQUEST.path %>/b?x=1">y</a><a href="https://shop.example.org/b?y=1">z</a>',
      'b.pih': '<p><%= _lang %><%= _x %><%= _y %></p>',
    },
  },
  {
    title: 'names in queries of mails and of code',
    files: {
      '_mails/reset.txt.pih': 'Open https://shop.example.org/b?token=<%= ARGS.token %>&user=1',
      '_mails/reset.pih': '<a href="<%= ARGS.origin %>/b?code=<%= ARGS.token %>">x</a>',
      'index.pih':
        '<% const n = String(Math.random()); await Render("/_mails/reset.pih", { url: `https://shop.example.org/b?one=${n}` }); %>',
      'b.pih': '<p><%= _token %><%= _code %><%= _user %><%= _one %></p>',
    },
  },
  {
    title: 'a form whose button has another target',
    files: {
      'index.pih':
        '<form method="post" action="/save"><input name="n"><button formaction="/delete">x</button><input type="submit" formaction="/copy"></form>',
      'save.pih': '<p><%= _n %></p>',
      'copy.pih': '<p><%= _n %></p>',
      'delete.pih': '<p><%= _n %></p>',
    },
  },
  {
    title: 'a button that sends its form nowhere',
    code: 'link-nowhere',
    severity: 'error',
    files: { 'index.pih': '<form method="post"><button ‸formaction="/nowhere7">x</button></form>' },
    text: '<button formaction> leads to /nowhere7',
  },
  {
    title: 'names in the paths of form.retry, of a fallback and of keep_form',
    files: {
      'index.pih':
        "<% const form = await Form({}); if (_q === 'a') form.retry('/b?again=1'); if (_q === 'b') redirect(_q, { fallback: '/b?x=1' }); if (_q) redirect('/', { keep_form: '/b?y=1' }); %><a href=\"?q=1\">q</a>",
      'b.pih': '<p><%= _again %><%= _x %><%= _y %></p>',
    },
  },
  {
    title: 'form.retry with a path that leads nowhere',
    code: 'redirect-nowhere',
    severity: 'error',
    files: {
      'index.pih': "<% const form = await Form({}); if (!form.ok) form.retry(‸'/nowhere'); %><p>x</p>",
    },
  },
  {
    title: 'a fallback that leads nowhere',
    code: 'redirect-nowhere',
    severity: 'error',
    files: { 'index.pih': "<% redirect(REQUEST.path, { fallback: ‸'/nowhere' }); %>" },
  },
  {
    title: 'fields that attributes with scripts send',
    files: {
      'index.pih':
        '<select onchange="location = \'?sort=\' + this.value"></select><b data-url="/b?x=1">x</b><i hx-vals=\'{"y":1}\'>x</i><p><%= _sort %></p>',
      'b.pih': '<p><%= _x %><%= _y %></p>',
    },
  },
  {
    title:
      'forms that scripts send: by a listener, by their id, by a script that the page loads or a module of it',
    files: {
      'index.pih':
        '<form><input type="file" name="doc"><input type="password" name="pw"></form><script>document.forms[0].addEventListener("submit", send)</script>',
      'a.pih': '<form id="box"><input name="q[]"></form><script>send(box)</script><p><%= _q %></p>',
      'b.pih': '<form class="x find"><input name="w"></form><script src="/find.js"></script>',
      'find.js': "import './send.js'; document.querySelector('.find')",
      'c.pih': '<form class="late"><input name="l"></form>',
      'send.js': "document.querySelector('.late')",
      'read.pih': '<p><%= FILES.doc?.name %><%= _pw %><%= _w %><%= _l %></p>',
    },
  },
  {
    title: 'a form of a page without the script that sends forms of another page',
    code: 'form-enctype',
    severity: 'error',
    files: {
      'index.pih':
        '<% print(FILES.photo?.name) %><form method="post"><input type="file" ‸name="photo"></form>',
      'a.pih': '<script src="/find.js"></script>',
      'find.js': "document.addEventListener('submit', send)",
    },
  },
  {
    title: 'markup that a guard puts on LOCALS, and markup of Render',
    files: {
      'a/_before.pih':
        '<% type Locals = { csrf: unknown }; String(_csrf); LOCALS.csrf = html`<input name="csrf" id="c">`; %>',
      'a/index.pih': '<form><%= LOCALS.csrf %><input name="q"></form><a href="#c">c</a><p><%= _q %></p>',
      'b.pih':
        '<% const box = await Render("/_box.pih"); %><div><%= box %></div><a href="#boxed">b</a><label for="boxed">x</label>',
      '_box.pih': '<input id="boxed">',
    },
  },
  {
    title: 'an anchor of a page that prints LOCALS of a guard without markup',
    code: 'anchor-missing',
    severity: 'warning',
    files: {
      'a/_before.pih': '<% type Locals = { user: string }; LOCALS.user = String(REQUEST.ip); %>',
      'a/index.pih': '<p id="main"><%= LOCALS.user %></p><a ‸href="#mian">x</a>',
    },
  },
  {
    title: 'a field in no form',
    files: { 'index.pih': '<input name="term" hx-get="/results">', 'results.pih': '<p><%= _term %></p>' },
  },
  {
    title: 'static HTML sends fields and has anchors',
    files: {
      'old.html': '<form action="/find"><input name="q"></form><p id="end">x</p>',
      'find.pih': '<p><%= _q %></p><a href="/old.html#end">x</a>',
    },
  },
  {
    title: 'anchors of pages whose ids are not all known',
    files: {
      'index.pih':
        '<a href="/computed#x">a</a><a href="/raw#x">b</a><a href="/part?part=a#x">c</a><a href="/script#x">d</a><a href="/attrs#x">e</a><a href="/loop#row-2">f</a>',
      'computed.pih': '<% const id = String(Math.random()); %><p id="<%= id %>">x</p>',
      'raw.pih': '<% const text = String(Math.random()); %><%- text %>',
      'part.pih': '<% await Include(`_${QUERY.part}.pih`) %>',
      'script.pih': "<div></div><script>document.querySelector('div').id = 'x'</script>",
      'attrs.pih': '<% const more = String(Math.random()); %><p <%- more %>>x</p>',
      'loop.pih': '<% for (const n of [1, 2]) { %><p id="row-<%= n %>">x</p><% } %>',
    },
  },
  {
    title: 'fragments that name no element',
    files: {
      'index.pih':
        '<% const n = Math.random(); %><a href="#">a</a><a href="#TOP">b</a><a href="#:~:text=x">c</a><a href="#!/route">d</a><a href="#<%= n %>">e</a><p>x</p>',
    },
  },
  {
    title: 'an id with characters that a URL encodes',
    files: {
      'index.pih': '<a href="#%C3%BCber%20uns">x</a><a href="#über uns">y</a><a name="über uns">z</a>',
    },
  },
  {
    title: 'a row of a table as a page of its own',
    files: { 'row.pih': '<tr><td>x</td></tr>' },
  },
  {
    title: 'a flash value of redirect()',
    files: {
      'index.pih':
        "<% if (REQUEST.method === 'POST') redirect('/', { flash: { notice: _x } }); %><form method=\"post\"><input name=\"x\"></form><p><%= Session().flash('notice') %></p>",
    },
  },
  {
    title: 'a field that only a guard reads',
    files: {
      'members/_before.pih': "<% if (REQUEST.method === 'POST' && _token !== 'x') redirect('/'); %>",
      'members/index.pih': '<form method="post"><input name="token"><input name="q"></form><p><%= _q %></p>',
      'index.pih': '<p>Start</p>',
    },
  },
  {
    title: 'a field that neither the page nor its guard reads',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'members/_before.pih': "<% if (_token !== 'x') redirect('/'); %>",
      'members/index.pih':
        '<form method="post" action="?token=1"><input ‸name="tokn"><input name="q"></form><p><%= _q %></p>',
      'index.pih': '<p>Start</p>',
    },
  },
  {
    title: 'a field that a guard reads and no page below it is sent',
    code: 'field-unsent',
    severity: 'warning',
    files: {
      'members/_before.pih': "<% if (‸_tokn !== 'x') redirect('/'); %>",
      'members/index.pih': '<p>x</p>',
      'members/write.pih': '<p>x</p>',
      'index.pih': '<a href="/members/?token=1">x</a><p>Start</p>',
    },
    text: 'the nearest is token',
  },
  {
    title: 'a guard that hands QUERY on may read every field of the pages below it',
    files: {
      'members/_before.pih': '<% JSON.stringify(QUERY); %>',
      'members/deep/index.pih': '<form><input name="q"></form>',
    },
  },
  {
    title: 'a guard does not read for pages of other folders',
    code: 'form-field-unread',
    severity: 'warning',
    files: {
      'members/_before.pih': '<% if (_q === "x") redirect("/"); %>',
      'members/index.pih': '<form><input name="q"></form>',
      'index.pih': '<form><input ‸name="q"></form>',
    },
  },
  {
    title: 'a session attribute that a guard writes',
    files: {
      'members/_before.pih': '<% Session().user = "ann"; %>',
      'members/index.pih': '<p><%= Session().user %></p>',
    },
  },
  {
    title: 'a session attribute that only a guard reads',
    code: 'session-attribute-unwritten',
    severity: 'warning',
    files: {
      'members/_before.pih': '<% if (‸Session().usr === undefined) redirect("/login"); %>',
      'members/index.pih': '<p>x</p>',
      'login.pih': '<% Session().user = "ann"; %>',
    },
    text: 'the nearest is user',
  },
  {
    title: 'a redirect of a guard, from the page that it guards',
    code: 'redirect-nowhere',
    severity: 'error',
    files: {
      'members/_before.pih': '<% redirect(‸"login"); %>',
      'members/index.pih': '<p>x</p>',
      'login.pih': '<p>x</p>',
    },
    text: '/members/login',
  },
  {
    title: 'a form of an html template that is sent to a page with Once',
    code: 'once-form-in-code',
    severity: 'warning',
    files: {
      'index.pih':
        '<form method="post" action="/order"><input name="q"></form>\n<%= html`<p>x</p>‸<form method="post" action="/order"><input name="q"></form>` %>',
      'order.pih': '<% await Once(); %><p><%= _q %></p>',
    },
    text: 'code prints this form, so it gets no token: /order.pih uses Once()',
  },
  {
    title: 'a form of a raw output that is sent to a page whose part has Once',
    code: 'once-form-in-code',
    severity: 'warning',
    files: {
      'index.pih':
        '<form method="post" action="/order"><input name="q"></form>\n‸<%- \'<form method="post" action="/order"><input name="q"></form>\' %>',
      'order.pih': "<p><%= _q %></p><% await Include('_once.pih'); %>",
      '_once.pih': '<% await Once(); %>',
    },
  },
  {
    title: 'forms of code that need no token, and one of a text in a loop',
    files: {
      'index.pih':
        '<%= html`<form action="/find"><input name="q"></form><form method="post" action="/find"><input name="q"></form>` %><% for (const each of [1, 2]) { %><form method="post" action="/order"><input name="q"></form><% } %>',
      'order.pih': '<% await Once(); %><p><%= _q %></p>',
      'find.pih': '<p><%= _q %></p>',
    },
  },
];

for (const { title, code, severity, files, text = '' } of ROWS)
  test(code === undefined ? `no finding: ${title}` : `${code}: ${title}`, async (t) => {
    let place = '';
    const sources = Object.entries(files).map(([name, marked]) => {
      const lines = marked.slice(0, marked.indexOf('‸')).split('\n');
      if (marked.includes('‸')) place = `${code} ${name}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
      return [`site/${name}`, marked.replace('‸', '')] as const;
    });
    const found = await siteFindings(t, Object.fromEntries(sources));
    t.deepEqual(
      found.map((each) => ({ place: each.place, severity: each.severity })),
      code === undefined ? [] : [{ place, severity: severity ?? 'error' }],
      found.map((each) => each.text).join('\n'),
    );
    t.true(found.every((each) => each.text.includes(text)));
  });

const LINKS =
  '<a href="/api/orders?x=1">x</a><a href="/health">x</a><a href="/healthy">x</a><form action="/api/send"><input name="q"></form><a href="/api">x</a><% if (_x) redirect("/api/done"); %><a href="/?x=1">x</a>';

test('links to paths that other programs answer lead somewhere', async (t) => {
  const found = await siteFindings(t, { 'site/index.pih': LINKS }, false, ['/api/', '/health']);
  t.deepEqual(
    found.map(({ text }) => text.split(',')[0]),
    ['<a href> leads to /healthy', '<a href> leads to /api'],
  );
});

test('where another program answers every path, links to pages are still followed', async (t) => {
  const pages = {
    'site/index.pih': '<a href="/nowhere">x</a><form action="/find"><input name="qq"></form>',
    'site/find.pih': '<p><%= _q %></p>',
  };
  const found = await siteFindings(t, pages, false, ['/']);
  t.deepEqual(
    found.map(({ place }) => place.split(' ')[0]),
    ['form-field-unread', 'field-unsent'],
  );
});

test('a form of an error page without an action is sent to the page in whose place it answers', async (t) => {
  const pages = {
    'site/admin/_before.pih': '<% if (_user !== "x") throw HttpError(401); %>',
    'site/admin/index.pih': '<p>x</p>',
    'site/401.pih':
      '<form method="post"><input name="user"></form><p id="main">x</p><a href="#main">x</a><a href="#mian">y</a>',
  };
  const found = await siteFindings(t, pages, false, [], { 401: '401.pih' });
  t.deepEqual(
    found.map(({ text }) => text),
    ['/401.pih has no element with the id mian; the nearest is main'],
  );
});

const SCHEMA = `import * as z from 'zod';
export const order = z.object({ email: z.string(), age: z.number(), tags: z.array(z.string()), note: z.string().optional() });`;

const HANDLER =
  "<% import { order } from './_order.ts'; const form = await Form(order); %><p><%= form.ok %></p>";

test('form-field-missing: a schema of a module names the fields that the form lacks', async (t) => {
  const found = await siteFindings(
    t,
    {
      'site/index.pih': '<form method="post" action="/order"><input name="email"><input name="nte"></form>',
      'site/order.pih': HANDLER,
      'site/_order.ts': SCHEMA,
    },
    true,
  );
  t.deepEqual(
    found.map(({ place }) => place),
    ['form-field-unread index.pih:1:64', 'form-field-missing index.pih:1:1'],
  );
  t.regex(found[1]?.text ?? '', /has no field age, which \/order\.pih requires/);
  t.regex(found[0]?.text ?? '', /the nearest is note/);
});

test('form-field-optional: a number may not be left empty', async (t) => {
  const found = await siteFindings(
    t,
    {
      'site/index.pih':
        '<form method="post" action="/order"><input name="email"><input name="age"><input name="tags"></form>',
      'site/order.pih': HANDLER,
      'site/_order.ts': SCHEMA,
    },
    true,
  );
  t.deepEqual(
    found.map(({ place }) => place),
    ['form-list-mismatch index.pih:1:82', 'form-field-optional index.pih:1:64'],
  );
});

test('attrs of the schema itself is right, also in a loop', async (t) => {
  const page = `<% import { order } from './_order.ts'; const form = await Form(order); -%>
<form method="post"><% for (const name of ['email', 'age', 'tags'] as const) { %><input <%= form.attrs(name) %>><% } %></form>`;
  t.deepEqual(await siteFindings(t, { 'site/index.pih': page, 'site/_order.ts': SCHEMA }, true), []);
});
