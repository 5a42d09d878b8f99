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

test('a visitor orders, and the cart is empty then', async () => {
  const open = newVisitor();
  await open('/cart', { add: 'tea' });
  assert.equal((await open('/cart', { add: 'tea' })).status, 303);
  assert.match((await open('/cart')).text, /2 × Tea[\s\S]*Total: €17\.00/);
  const { status, location } = await open('/checkout/', { name: 'Ann', address: 'Main Street 1' });
  assert.equal(status, 303);
  assert.match((await open(location)).text, /Thank you, Ann\. Your order over €17\.00/);
  assert.match((await open('/cart')).text, /It is empty/);
});

test('a product can be removed, and one that does not exist is not added', async () => {
  const open = newVisitor();
  await open('/cart', { add: 'pot' });
  await open('/cart', { add: 'gold' });
  await open('/cart', { remove: 'pot' });
  assert.match((await open('/cart')).text, /It is empty/);
});

test('an order without an address names the mistake', async () => {
  const open = newVisitor();
  await open('/cart', { add: 'cup' });
  const { status, text } = await open('/checkout/', { name: 'Ann' });
  assert.equal(status, 422);
  assert.match(text, /Please enter your address\./);
});

test('without a cart there is no checkout', async () => {
  assert.equal((await newVisitor()('/checkout/')).location, '/cart');
});

test('an unknown product is answered by the 404 page', async () => {
  const { status, text } = await newVisitor()('/products/gold');
  assert.equal(status, 404);
  assert.match(text, /There is nothing here/);
});
