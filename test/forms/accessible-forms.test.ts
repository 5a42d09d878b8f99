// Forms whose fields `attrs` writes are accessible: axe-core finds nothing in Chromium, before a mistake and after it, in the
// answer to the POST and behind a redirect (docs/forms.md).

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { browserTest, press, visit } from '../browser.ts';
import { appWithPackages } from './visitor-with-packages.ts';

/** All kinds of fields: the label, the tag, and its field in the schema. */
const INPUTS: readonly (readonly [label: string, name: string, schema: string])[] = [
  ['Name', 'name', "z.string().min(2, 'Too short').max(20)"],
  ['Email', 'email', "z.email('No address')"],
  ['Site', 'site', "z.url('No address')"],
  ['Password', 'password', "z.string().min(8, 'Too short')"],
  ['Age', 'age', "z.int('No number').min(18, 'Too young')"],
  ['Price', 'price', "z.number('No number').optional()"],
  ['Born', 'born', "z.date('No date')"],
  ['Day', 'day', "z.iso.date('No date')"],
  ['Time', 'time', "z.iso.time('No time')"],
  ['Post code', 'code', "z.string().regex(/^\\d{5}$/, 'Five digits')"],
  ['News', 'news', 'z.boolean()'],
  ['Terms', 'terms', "z.literal(true, 'Please agree')"],
];

const WRITTEN = `<p><label for="note">Note</label><textarea id="note" <%= form.attrs('note') %>><%= form.values.note %></textarea> <%- message('note') %></p>
<p><label for="size">Size</label><select id="size" <%= form.attrs('size') %>><% for (const size of ['', 's', 'l']) { %><option <%= form.attrs('size', size) %>><%= size || 'Choose' %></option><% } %></select> <%- message('size') %></p>
<p><label for="many">Several</label><select id="many" <%= form.attrs('many') %>><% for (const one of ['a', 'b']) { %><option <%= form.attrs('many', one) %>><%= one %></option><% } %></select> <%- message('many') %></p>
<p><label for="phone">Phone</label><input id="phone" type="tel" <%= form.attrs('phone') %>> <%- message('phone') %></p>
<p><label for="amount">Amount</label><input id="amount" type="range" <%= form.attrs('amount') %>> <%- message('amount') %></p>
<p><label for="photo">Photo</label><input id="photo" type="file" <%= form.attrs('photo') %>> <%- message('photo') %></p>
<fieldset><legend>Colour</legend><% for (const colour of ['red', 'blue']) { %><input type="radio" id="colour-<%= colour %>" <%= form.attrs('colour', colour) %>><label for="colour-<%= colour %>"><%= colour %></label><% } %> <%- message('colour') %></fieldset>
<fieldset><legend>Tags</legend><% for (const tag of ['x', 'y']) { %><input type="checkbox" id="tag-<%= tag %>" <%= form.attrs('tags', tag) %>><label for="tag-<%= tag %>"><%= tag %></label><% } %> <%- message('tags') %></fieldset>`;

function pageOf(answer: string): string {
  const fields = INPUTS.map(([, name, schema]) => `${name}: ${schema}`).join(', ');
  const inputs = INPUTS.map(
    ([label, name]) =>
      `<p><label for="${name}">${label}</label><input id="${name}" <%= form.attrs('${name}') %>> <%- message('${name}') %></p>`,
  ).join('\n');
  return `<% import { z } from 'zod';
const form = await Form(z.object({ ${fields},
  note: z.string().max(3, 'Too long'), size: z.enum(['s', 'l'], 'Choose one'), many: z.array(z.string()).min(1, 'Choose some'),
  phone: z.string().min(3, 'Too short'), amount: z.number().min(1).max(5), photo: z.any().refine((file) => file !== undefined, 'No photo'),
  colour: z.enum(['red', 'blue'], 'Choose a colour'), tags: z.array(z.enum(['x', 'y'], 'No such tag')).min(1, 'Choose some'),
}));
${answer}
const message = (name: any) => { const text = form.error(name); return text === undefined ? '' : html\`<span id="\${name}-error">\${text}</span>\`; };
-%>
<!doctype html><html lang="en"><meta charset="utf-8"><title>A form</title><main><h1>A form</h1>
<form method="post" enctype="multipart/form-data" novalidate>
${inputs}
${WRITTEN}
<button>Send</button></form></main></html>`;
}

/** The rules that axe finds broken, with the elements that break them. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8'));
  return page.evaluate(
    `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
  );
}

async function served(t: ExecutionContext, answer: string): Promise<string> {
  const app = await appWithPackages(t, { 'index.pih': pageOf(answer) });
  const server = createServer(app.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

for (const [how, answer] of [
  ['in the answer to the POST', ''],
  ['behind a redirect', "if (REQUEST.method === 'POST' && !form.ok) return form.retry();"],
] as const) {
  browserTest(
    `a form with fields of all kinds is accessible, before a mistake and after it, ${how}`,
    async (t) => {
      const url = await served(t, answer);
      await visit({}, async (page) => {
        await page.goto(url);
        t.deepEqual(await violations(page), []);
        await page.fill('#email', 'nobody');
        await page.fill('#note', 'too long a note');
        await page.check('#tag-x');
        await press(page.locator('button'));
        const wrong = await page.locator('[aria-invalid=true]').count();
        t.true(wrong >= 14, String(wrong));
        // Each message is found where the field says.
        const described = await page
          .locator('[aria-describedby]')
          .evaluateAll(
            (fields) =>
              fields.filter(
                (field) => !field.ownerDocument.getElementById(field.getAttribute('aria-describedby') ?? ''),
              ).length,
          );
        t.is(described, 0);
        t.is(await page.inputValue('#email'), 'nobody');
        t.true(await page.isChecked('#tag-x'));
        t.deepEqual(await violations(page), []);
        await page.evaluate("document.querySelector('label[for=email]').remove()");
        t.notDeepEqual(await violations(page), []);
      });
    },
  );
}
