// One form in Chromium: double click, reload, and Back with and without a change (docs/exactly-once.md).

import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { browserTest, press, visit } from '../browser.ts';
import { MEMORY } from '../session/rows/memory.ts';
import { type OrderSite, orderSites } from './order-site.ts';

const PATIENT = `<!doctype html><title>order</title><form method="post" action="/<%= _page %>">
<input name="what" value="tea"><button>Order</button></form>`;

async function opened(t: ExecutionContext, page: Page, target: string): Promise<OrderSite> {
  const { one } = await orderSites(t, MEMORY);
  await one.write('patient.pih', PATIENT);
  await page.goto(`${one.url}/patient?page=${target}`);
  return one;
}

browserTest('a double click orders once', async (t) => {
  await visit({}, async (page) => {
    const site = await opened(t, page, 'order');
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await page.getByRole('button').dblclick({ noWaitAfter: true });
    await page.waitForURL(/thanks/);
    t.true(sent.length >= 1);
    t.is(await page.locator('body').textContent(), 'thanks');
    t.deepEqual(await site.work(), ['tea']);
  });
});

browserTest('a form that a script sends five times at once orders once', async (t) => {
  await visit({}, async (page) => {
    const site = await opened(t, page, 'order');
    const targets = await page.evaluate(`(async () => {
      const form = document.querySelector('form');
      const send = () => fetch(form.action, { method: 'POST', body: new FormData(form) });
      const answers = await Promise.all(Array.from({ length: 5 }, send));
      return answers.map(({ url }) => new URL(url).search);
    })()`);
    t.deepEqual(targets, Array(5).fill('?n=1'));
    t.deepEqual(await site.work(), ['tea']);
  });
});

browserTest('a page that is loaded again after its POST does its work once', async (t) => {
  await visit({}, async (page) => {
    const site = await opened(t, page, 'shown');
    await press(page.getByRole('button'));
    t.is(await page.locator('body').textContent(), 'is done');
    await page.reload();
    t.is(await page.locator('body').textContent(), 'was done');
    t.deepEqual(await site.work(), ['tea']);
  });
});

browserTest('Back shows a form with a new token, with and without a change', async (t) => {
  await visit({}, async (page) => {
    const site = await opened(t, page, 'order');
    const token = () => page.locator('input[type=hidden]').inputValue();
    const first = await token();
    await press(page.getByRole('button'));
    await page.goBack();
    t.not(await token(), first);
    await page.locator('input[name=what]').fill('coffee');
    await press(page.getByRole('button'));
    t.regex(page.url(), /n=2$/);
    await page.goBack();
    await press(page.getByRole('button'));
    t.regex(page.url(), /n=3$/);
    t.deepEqual((await site.work()).slice(0, 2), ['tea', 'coffee']);
  });
});
