// npm test: the pages, asked as a browser asks for them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { karrigell } from 'karrigell';

let app;
let url;

before(async () => {
  app = await karrigell({ root_dir: 'site', port: 0, log: false, error_pages: { 404: '404.pih' } });
  ({ url } = await app.listen());
});

after(() => app.close());

/** A visitor: keeps the cookies that the site sends. */
function newVisitor() {
  let cookie = '';
  return async (path, fields) => {
    const form = fields && { method: 'POST', body: new URLSearchParams(fields) };
    const response = await fetch(new URL(path, url), { ...form, headers: { cookie }, redirect: 'manual' });
    const sent = response.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (sent.length > 0) cookie = sent.join('; ');
    return {
      status: response.status,
      location: response.headers.get('location'),
      text: await response.text(),
    };
  };
}

test('the first page counts visits', async () => {
  const open = newVisitor();
  assert.match((await open('/')).text, /You have been here 1 time\./);
  assert.match((await open('/')).text, /You have been here 2 times\./);
});

test('the form remembers a name and redirects', async () => {
  const open = newVisitor();
  const { status, location } = await open('/', { name: '<Ann>' });
  assert.equal(status, 303);
  const { text } = await open(location);
  assert.match(text, /Nice to meet you, &lt;Ann&gt;\./);
  assert.match(text, /<h1>Welcome, &lt;Ann&gt;<\/h1>/);
});

test('an unknown address is answered by the 404 page', async () => {
  const { status, text } = await newVisitor()('/nothing-here');
  assert.equal(status, 404);
  assert.match(text, /There is nothing here/);
});
