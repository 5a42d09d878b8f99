// The demo shop's own rules, each with the values at its edges.

import test from 'ava';
import { formsWithoutRequest } from '../../engine/adapters/forms-without-request.ts';
import type { StandardSchema } from '../../engine/forms/standard-schema.ts';
import { fieldRecord } from '../../engine/runtime/field-record.ts';
import { form } from '../../engine/runtime/form.ts';
import type { FormResult } from '../../engine/runtime/form-types.ts';
import type { Files, PageRequest, Query } from '../../engine/runtime/page-types.ts';
import { SchemaReader } from '../../engine/runtime/schema-reader.ts';
import { findAccount } from '../../site/login/_data/accounts.ts';
import { addressForm } from '../../site/shop/_data/address.ts';
import type { Answers } from '../../site/shop/_data/answers.ts';
import { billOf } from '../../site/shop/_data/bill.ts';
import { type Card, cardForm, keptOf } from '../../site/shop/_data/card.ts';
import { itemsIn, readQuantity, withQuantity } from '../../site/shop/_data/cart.ts';
import { giftForm } from '../../site/shop/_data/gift.ts';
import { money } from '../../site/shop/_data/money.ts';
import { detailsOf, missingBefore, type StepName } from '../../site/shop/_data/steps.ts';
import type { ShopSession, Visitor } from '../../site/shop/_data/visitor.ts';

const NOW = new Date(2026, 10, 15);

const ADDRESS = { name: 'Jean Dupont', street: '3 quai', postcode: '29200', city: 'Brest', country: 'FR' };

const POST: PageRequest = {
  method: 'POST',
  url: new URL('http://shop.test/'),
  path: '/',
  headers: new Headers(),
  cookies: {},
  ip: '127.0.0.1',
  body: new Uint8Array(),
  json: () => undefined,
  signal: new AbortController().signal,
};

/** The form that a page gets when these texts are sent. */
function sent<Data>(
  schema: StandardSchema<Data>,
  typed: Readonly<Record<string, string>>,
): Promise<FormResult<Data>> {
  const fields = Object.entries(typed).map(([name, value]): [string, string[]] => [name, [value]]);
  const QUERY = fieldRecord<Query>(new Map(fields), []);
  const reader = new SchemaReader((specifier) => import(specifier));
  const scope = { forms: formsWithoutRequest([]), redirect: () => undefined };
  return form({ QUERY, FILES: fieldRecord<Files>(new Map(), []), REQUEST: POST, ...scope }, reader, schema);
}

/** The fields of a card that are kept. */
async function cardKept(typed: Readonly<Record<string, string>>): Promise<Answers<Card>> {
  return keptOf(await sent(cardForm(NOW), typed));
}

/** A step that was not filled in yet. */
const NO_ANSWERS: Answers<never> = { data: undefined, values: {}, errors: {} };

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
  ['4242424242424241', '12/27', '123', ['card_number']],
  ['424242424242424', '12/27', '123', ['card_number']],
  ['6011111111111117', '12/27', '123', ['card_number']],
  ['4242x', '12/27', '123', ['card_number']],
  ['', '', '', ['card_number', 'expiry', 'cvc']],
];

for (const [number, expiry, cvc, wrong] of CARDS) {
  test(`card “${number}”, “${expiry}”, “${cvc}”: ${wrong.join(', ') || 'accepted'}`, async (t) => {
    const { data, values, errors } = await cardKept({ card_number: number, expiry, cvc });
    t.deepEqual(Object.keys(errors), wrong);
    t.is(data?.last4, wrong.length === 0 ? number.replace(/\D/g, '').slice(-4) : undefined);
    t.is(data?.expiry, wrong.length === 0 ? expiry : undefined);
    t.deepEqual(values, { expiry });
  });
}

test('nothing of a card that is refused is kept but the date', async (t) => {
  const kept = JSON.stringify(
    await cardKept({ card_number: '4242424242424242', expiry: '4242424242424242', cvc: '12' }),
  );
  t.false(kept.includes('42424242'));
  t.false(kept.includes('"12"'));
});

test('of a card that is accepted the brand, four digits and the date are kept', async (t) => {
  const kept = await cardKept({ card_number: '4242 4242 4242 4242', expiry: ' 12/27 ', cvc: '737' });
  t.deepEqual(kept, {
    data: { brand: 'Visa', last4: '4242', expiry: '12/27' },
    values: { expiry: '12/27' },
    errors: Object.create(null),
  });
});

test('an address is trimmed and its postcode checked by its country', async (t) => {
  const typed = {
    name: ' Jean  Dupont ',
    street: '3 quai',
    postcode: 'd02 x285',
    city: 'Dublin',
    country: 'IE',
  };
  const { ok, data } = await sent(addressForm, typed);
  t.true(ok);
  t.is(data?.name, 'Jean Dupont');
  t.is(data?.postcode, 'D02 X285');
  const wrongWith = async (changed: Readonly<Record<string, string>>): Promise<string[]> =>
    Object.keys((await sent(addressForm, { ...typed, ...changed })).errors);
  t.deepEqual(await wrongWith({ country: 'FR' }), ['postcode']);
  t.deepEqual(await wrongWith({ country: 'XX' }), ['country']);
  t.deepEqual(await wrongWith({ name: 'x'.repeat(101) }), ['name']);
  const { name: _, ...nameless } = typed;
  t.deepEqual(Object.keys((await sent(addressForm, { ...nameless, city: ' ' })).errors), ['name', 'city']);
});

test('a gift message has at most 200 characters, counted as people count them, and needs the wrapping', async (t) => {
  const wrap = 'yes';
  t.true((await sent(giftForm, { wrap, message: '🎁'.repeat(200) })).ok);
  const { errors } = await sent(giftForm, { wrap, message: 'x'.repeat(201) });
  t.regex(errors.message ?? '', /by 1 character\./);
  t.is((await sent(giftForm, { wrap, message: ' a\r\nb \r\n' })).data?.message, 'a\nb');
  t.deepEqual(Object.keys((await sent(giftForm, { message: 'x' })).errors), ['message']);
  t.deepEqual((await sent(giftForm, {})).data, { wrap: false, message: '' });
});

test('a cart takes 0 to 20 of a thing', (t) => {
  for (const typed of ['0', '20', ' 7 ']) t.is(readQuantity(typed), Number(typed));
  for (const typed of ['21', '-1', '1.5', '1e1', '', 'x', undefined]) t.is(readQuantity(typed), undefined);
  t.deepEqual(withQuantity({ 'salt-roads': 2 }, 'salt-roads', 0), {});
  t.deepEqual(withQuantity({}, 'salt-roads', 40), { 'salt-roads': 20 });
  t.is(itemsIn({ 'salt-roads': 2, 'sold-no-more': 5 }), 2);
});

test('the bill adds goods, wrapping and shipping in whole cents; shipping is free from €50', (t) => {
  const gift = { ...NO_ANSWERS, values: { wrap: 'yes', message: '' } };
  const address = { ...NO_ANSWERS, values: { country: 'CH' } };
  const bill = billOf(visitor({ cart: { 'tide-tables': 2, 'salt-roads': 0 }, gift, address }));
  t.like(bill, { goods: 2980, wrapping: 350, shipping: 990, total: 4320 });
  t.like(billOf(visitor({ cart: { 'tide-tables': 4 } })), { goods: 5960, shipping: 0, total: 5960 });
  t.is(money(bill.total), '€43.20');
});

test('every step needs the steps before it, and goods in the cart', (t) => {
  const cart = { 'tide-tables': 1 };
  const address = { ...NO_ANSWERS, data: ADDRESS };
  const gift = NO_ANSWERS;
  const missing = (step: StepName, has: Partial<Visitor>): string | undefined =>
    missingBefore(step, visitor(has));
  t.is(missing('address', {}), '/shop/cart');
  t.is(missing('address', { cart }), undefined);
  t.is(missing('card', { cart }), '/shop/checkout/address');
  t.is(missing('review', { cart, address, gift }), '/shop/checkout/gift');
  t.is(missing('gift', { cart, address, gift }), undefined);
});

test('an order has its details when every step is filled in, and goods are in the cart', (t) => {
  const details = {
    address: ADDRESS,
    gift: { wrap: false, message: '' },
    card: { brand: 'Visa', last4: '4242', expiry: '12/27' },
  };
  const address = { ...NO_ANSWERS, data: details.address };
  const gift = { ...NO_ANSWERS, data: details.gift };
  const card = { ...NO_ANSWERS, data: details.card };
  const cart = { 'tide-tables': 1 };
  t.deepEqual(detailsOf(visitor({ cart, address, gift, card })), details);
  t.is(detailsOf(visitor({ cart, address, gift })), undefined);
  t.is(detailsOf(visitor({ cart, address, gift: NO_ANSWERS, card })), undefined);
  t.is(detailsOf(visitor({ cart: {}, address, gift, card })), undefined);
});

test('an account is found by user name and password only', async (t) => {
  t.is((await findAccount('jean', 'brouette'))?.name, 'Jean Dupont');
  t.is(await findAccount('jean', 'gorse and granite'), undefined);
  t.is(await findAccount('', ''), undefined);
});

function visitor(has: Partial<Visitor>): ShopSession {
  return { get: (key) => has[key] };
}
