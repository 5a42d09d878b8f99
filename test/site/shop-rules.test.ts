// The demo shop's own rules, each with the values at its edges.

import test from 'ava';
import { findAccount } from '../../site/login/_data/accounts.ts';
import { checkAddress, NO_ADDRESS } from '../../site/shop/_data/address.ts';
import { billOf } from '../../site/shop/_data/bill.ts';
import { checkCard } from '../../site/shop/_data/card.ts';
import { itemsIn, readQuantity, withQuantity } from '../../site/shop/_data/cart.ts';
import { checkGift, NO_GIFT } from '../../site/shop/_data/gift.ts';
import { money } from '../../site/shop/_data/money.ts';
import { missingBefore, type StepName } from '../../site/shop/_data/steps.ts';
import type { ShopSession, Visitor } from '../../site/shop/_data/visitor.ts';

const NOW = new Date(2026, 10, 15);

const CARDS: readonly [number: string, expiry: string, cvc: string, wrong: string[]][] = [
  ['4242 4242 4242 4242', '12/27', '123', []],
  ['4242-4242-4242-4242', '1/2027', '123', []],
  ['4222222222222', '12/27', '123', []],
  ['5555555555554444', '12/27', '123', []],
  ['2223003122003222', '12/27', '123', []],
  ['378282246310005', '12/27', '1234', []],
  ['378282246310005', '12/27', '123', ['cvc']],
  ['4242424242424242', '11/26', '123', []],
  ['4242424242424242', '10/26', '123', ['expiry']],
  ['4242424242424242', '11/46', '123', []],
  ['4242424242424242', '12/46', '123', ['expiry']],
  ['4242424242424242', '13/27', '123', ['expiry']],
  ['4242424242424241', '12/27', '123', ['number']],
  ['424242424242424', '12/27', '123', ['number']],
  ['6011111111111117', '12/27', '123', ['number']],
  ['4242x', '12/27', '123', ['number']],
  ['', '', '', ['number', 'expiry', 'cvc']],
];

for (const [number, expiry, cvc, wrong] of CARDS) {
  test(`card “${number}”, “${expiry}”, “${cvc}”: ${wrong.join(', ') || 'accepted'}`, (t) => {
    const { ok, values, errors } = checkCard({ number, expiry, cvc }, NOW);
    t.deepEqual(Object.keys(errors), wrong);
    t.is(ok, wrong.length === 0);
    t.is(values.last4, ok ? number.replace(/\D/g, '').slice(-4) : '');
    t.is(values.expiry, expiry);
  });
}

test('nothing of a card that is refused is kept but the date', (t) => {
  const kept = JSON.stringify(
    checkCard({ number: '4242424242424242', expiry: '4242424242424242', cvc: '12' }, NOW),
  );
  t.false(kept.includes('42424242'));
});

test('an address is trimmed and its postcode checked by its country', (t) => {
  const typed = {
    name: ' Jean  Dupont ',
    street: '3 quai',
    postcode: 'd02 x285',
    city: 'Dublin',
    country: 'IE',
  };
  const { ok, values } = checkAddress(typed);
  t.true(ok);
  t.is(values.name, 'Jean Dupont');
  t.is(values.postcode, 'D02 X285');
  t.deepEqual(Object.keys(checkAddress({ ...typed, country: 'FR' }).errors), ['postcode']);
  t.deepEqual(Object.keys(checkAddress({ ...typed, country: 'XX' }).errors), ['country']);
  t.deepEqual(Object.keys(checkAddress({ ...typed, name: 'x'.repeat(101) }).errors), ['name']);
  t.is(Object.keys(checkAddress({ ...typed, name: undefined, city: ' ' }).errors).length, 2);
});

test('a gift message has at most 200 characters, counted as people count them, and needs the wrapping', (t) => {
  const wrap = 'yes';
  t.true(checkGift({ wrap, message: '🎁'.repeat(200) }).ok);
  t.regex(checkGift({ wrap, message: 'x'.repeat(201) }).errors.message ?? '', /by 1 character\./);
  t.is(checkGift({ wrap, message: ' a\r\nb \r\n' }).values.message, 'a\nb');
  t.false(checkGift({ wrap: undefined, message: 'x' }).ok);
  t.true(checkGift({ wrap: undefined, message: undefined }).ok);
});

test('a cart takes 0 to 20 of a thing', (t) => {
  for (const typed of ['0', '20', ' 7 ']) t.is(readQuantity(typed), Number(typed));
  for (const typed of ['21', '-1', '1.5', '1e1', '', 'x', undefined]) t.is(readQuantity(typed), undefined);
  t.deepEqual(withQuantity({ 'salt-roads': 2 }, 'salt-roads', 0), {});
  t.deepEqual(withQuantity({}, 'salt-roads', 40), { 'salt-roads': 20 });
  t.is(itemsIn({ 'salt-roads': 2, 'sold-no-more': 5 }), 2);
});

test('the bill adds goods, wrapping and shipping in whole cents; shipping is free from €50', (t) => {
  const gift = { ...NO_GIFT, values: { wrap: true, message: '' } };
  const address = { ...NO_ADDRESS, values: { ...NO_ADDRESS.values, country: 'CH' } };
  const bill = billOf(visitor({ cart: { 'tide-tables': 2, 'salt-roads': 0 }, gift, address }));
  t.like(bill, { goods: 2980, wrapping: 350, shipping: 990, total: 4320 });
  t.like(billOf(visitor({ cart: { 'tide-tables': 4 } })), { goods: 5960, shipping: 0, total: 5960 });
  t.is(money(bill.total), '€43.20');
});

test('every step needs those before it, and goods in the cart', (t) => {
  const cart = { 'tide-tables': 1 };
  const address = { ...NO_ADDRESS, ok: true };
  const gift = { ...NO_GIFT, ok: false };
  const missing = (step: StepName, has: Partial<Visitor>): string | undefined =>
    missingBefore(step, visitor(has));
  t.is(missing('address', {}), '/shop/cart');
  t.is(missing('address', { cart }), undefined);
  t.is(missing('card', { cart }), '/shop/checkout/address');
  t.is(missing('review', { cart, address, gift }), '/shop/checkout/gift');
  t.is(missing('gift', { cart, address, gift }), undefined);
});

test('an account is found by user name and password only', async (t) => {
  t.is((await findAccount('jean', 'brouette'))?.name, 'Jean Dupont');
  t.is(await findAccount('jean', 'gorse and granite'), undefined);
  t.is(await findAccount('', ''), undefined);
});

function visitor(has: Partial<Visitor>): ShopSession {
  return { get: (key) => has[key] };
}
