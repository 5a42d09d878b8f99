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

test('a visitor orders, and the cart is empty then', async (t) => {
  const visitor = await newVisitor(t);
  for (const _ of [1, 2]) {
    await visitor.open('/products/tea');
    await visitor.submit('form');
  }
  assert.match(visitor.text, /2 × Tea/);
  assert.match(visitor.text, /Total: €17\.00/);
  await visitor.click('a[href="/checkout/"]');
  await visitor.submit('form', { name: 'Ann', address: 'Main Street 1' });
  assert.match(visitor.text, /Thank you, Ann\. Your order over €17\.00/);
  await visitor.open('/cart');
  assert.match(visitor.text, /It is empty/);
});

test('a product can be removed, and one that does not exist is not added', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/products/pot');
  await visitor.submit('form');
  await visitor.open('/cart', {
    method: 'POST',
    body: 'add=gold',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  await visitor.click('button[aria-label="Remove Tea pot"]');
  assert.match(visitor.text, /It is empty/);
});

test('an order without an address names the mistake, and keeps the name', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/products/cup');
  await visitor.submit('form');
  await visitor.open('/checkout/');
  await visitor.submit('form', { name: 'Ann' });
  assert.equal(visitor.find('.wrong')?.text, 'Please enter your address.');
  assert.match(visitor.html, /name="name" value="Ann"/);
});

test('without a cart there is no checkout', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/checkout/');
  assert.equal(visitor.url, '/cart');
});

test('an unknown product is answered by the 404 page', async (t) => {
  const visitor = await newVisitor(t);
  await visitor.open('/products/gold');
  assert.equal(visitor.status, 404);
  assert.match(visitor.text, /There is nothing here/);
});
