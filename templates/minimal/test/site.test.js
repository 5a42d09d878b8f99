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

test('the first page counts visits', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/');
  assert.match(visitor.text, /You have been here 1 time\./);
  await visitor.open('/');
  assert.match(visitor.text, /You have been here 2 times\./);
});

test('the form remembers a name, and the page greets by it', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/');
  await visitor.submit('form', { name: '<Ann>' });
  assert.match(visitor.text, /Nice to meet you, <Ann>\./);
  assert.equal(visitor.find('h1')?.text, 'Welcome, <Ann>');
});

test('the form redirects, so that a reload does not send it again', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/');
  await visitor.submit('form', { name: 'Ann' }, { follow: false });
  assert.equal(visitor.status, 303);
});

test('an unknown address is answered by the 404 page', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/nothing-here');
  assert.equal(visitor.status, 404);
  assert.match(visitor.text, /There is nothing here/);
});
