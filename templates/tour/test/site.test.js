// npm test: the pages, visited as a browser visits them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from 'karrigell/test';

/** A visitor with cookies of its own; the site ends with the test. */
async function newVisitor(t) {
  const visitor = await visit({ root_dir: 'site', error_pages: { 404: '404.pih' } });
  t.after(() => visitor.close());
  return visitor;
}

test('the session counts visits, and begins anew', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/visits');
  await visitor.open('/visits');
  assert.match(visitor.text, /You have been here 2 times\./);
  await visitor.submit('form');
  assert.match(visitor.text, /You have been here 1 time\./);
});

test('the form names its mistakes, and keeps what was typed', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/contact');
  await visitor.submit('form', { email: 'ann', message: 'Hello' });
  assert.equal(visitor.find('.wrong')?.text, 'Please enter an e-mail address.');
  assert.match(visitor.html, /Hello<\/textarea>/);
});

test('the form thanks once', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/contact');
  await visitor.submit('form', { email: 'ann@example.org', message: 'Hello' });
  assert.match(visitor.text, /We will answer to ann@example\.org\./);
  await visitor.open('/contact');
  assert.doesNotMatch(visitor.text, /We will answer/);
});

test('each planet has an address, and others are not found', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/planets/');
  await visitor.click('a[href$=mars]');
  assert.equal(visitor.find('h1')?.text, 'Mars');
  await visitor.open('/planets/pluto');
  assert.equal(visitor.status, 404);
});

test('the planets are a file, too', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/planets/table');
  assert.match(visitor.text, /^name,moons,days\r\nMercury,0,88\r\n/);
});
