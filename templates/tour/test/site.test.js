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

test('the session counts visits, and begins anew', async () => {
  const open = newVisitor();
  await open('/visits');
  assert.match((await open('/visits')).text, /You have been here 2 times\./);
  assert.equal((await open('/visits', {})).status, 303);
  assert.match((await open('/visits')).text, /You have been here 1 time\./);
});

test('the form names its mistakes, and keeps what was typed', async () => {
  const { status, text } = await newVisitor()('/contact', { email: 'ann', message: 'Hello' });
  assert.equal(status, 422);
  assert.match(text, /Please enter an e-mail address\./);
  assert.match(text, /Hello<\/textarea>/);
});

test('the form thanks after a redirect, once', async () => {
  const open = newVisitor();
  const { status, location } = await open('/contact', { email: 'ann@example.org', message: 'Hello' });
  assert.equal(status, 303);
  assert.match((await open(location)).text, /We will answer to ann@example\.org\./);
  assert.doesNotMatch((await open(location)).text, /We will answer/);
});

test('each planet has an address, and others are not found', async () => {
  const open = newVisitor();
  assert.match((await open('/planets/mars')).text, /<h1>Mars<\/h1>/);
  assert.equal((await open('/planets/pluto')).status, 404);
});

test('the planets are a file, too', async () => {
  assert.match((await newVisitor()('/planets/all.csv')).text, /^name,moons,days\r\nMercury,0,88\r\n/);
});
