// The token in a form that a refusal gives back (SEND_AGAIN): the same one, unless it is not known whether the work was done.

import test from 'ava';
import { MEMORY } from '../session/rows/memory.ts';
import { type OrderSite, orderSites } from './order-site.ts';
import { type PrintedForm, printedForms, sent } from './printed-forms.ts';

/** The form in the answer to a form that is refused. */
async function givenBack({ get }: OrderSite, form: PrintedForm): Promise<PrintedForm | undefined> {
  const answer = await get(form.action, { ...sent(form), headers: { accept: 'text/html' } });
  const [again] = printedForms(await answer.text());
  return again && { ...again, action: form.action };
}

test('a form that is unsure is given back with a new token, which runs', async (t) => {
  const { one } = await orderSites(t, MEMORY, { debug: false });
  const form = await one.form('broken');
  const failed = await givenBack(one, form);
  t.is(failed?.token, form.token);
  const unsure = await givenBack(one, form);
  if (unsure?.token === undefined) return t.fail();
  t.not(unsure.token, form.token);
  t.is(unsure.fields.filter(([name]) => name === 'what').length, 1);
  t.is((await one.work()).length, 1);
  t.regex(await one.send(unsure), /^500/);
  t.is((await one.work()).length, 2);
});

test('a form that was refused before its work keeps its token', async (t) => {
  const { one } = await orderSites(t, MEMORY);
  const form = await one.form('early');
  const body = new FormData();
  for (const [name, value] of form.fields) body.append(name, name === 'what' ? 'none' : value);
  const init = { method: 'POST', body, headers: { accept: 'text/html' } };
  const [multipart] = printedForms(await one.text(form.action, init));
  t.is(multipart?.token, form.token);
  const other = {
    ...form,
    fields: form.fields.map(([name, value]) => [name, name === 'what' ? 'none' : value] as const),
  };
  const encoded = await givenBack(one, other);
  t.is(encoded?.token, form.token);
  t.is(encoded?.fields.length, form.fields.length);
});

test('a form that is cut off at a limit keeps its token', async (t) => {
  const { one } = await orderSites(t, MEMORY, { limits: { body: 200 } });
  const form = await one.form('order');
  const fields = [...form.fields].reverse().concat([['long', 'x'.repeat(300)]]);
  const again = await givenBack(one, { ...form, fields });
  t.is(again?.token, form.token);
});

const UNSURE = 'It is not certain whether this was done.';

/** The text of the answer to a form. */
function answerTo({ text }: OrderSite, form: PrintedForm, accept = 'text/html'): Promise<string> {
  return text(form.action, { ...sent(form), headers: { accept } });
}

test('the answers of an interrupted form say that it is not certain whether it was done', async (t) => {
  const { one } = await orderSites(t, MEMORY, { debug: false });
  const form = await one.form('broken');
  const failed = await answerTo(one, form);
  const unsure = await answerTo(one, form);
  for (const answer of [failed, unsure]) t.is(answer.split(UNSURE).length, 2, answer);
  t.regex(unsure, /This form was sent before, and that was interrupted\./);
  t.true((await answerTo(one, form, 'text/plain')).includes(UNSURE));
  t.false((await answerTo(one, await one.form('conflict'))).includes('session'));
  t.false((await answerTo(one, await one.form('early'))).includes(UNSURE));
});

test('a form with an empty password is given back whole, so that its work is not done again', async (t) => {
  const { one } = await orderSites(t, MEMORY, { debug: false });
  const printed = await one.form('broken');
  const form = { ...printed, fields: [...printed.fields, ['password', ''] as const] };
  const again = await givenBack(one, form);
  t.deepEqual(again?.fields, form.fields);
  if (again === undefined) return;
  t.regex(await one.send(again), /^409/);
  t.is((await one.work()).length, 1);
});
