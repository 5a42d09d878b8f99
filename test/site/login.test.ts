// Login, remember me and logout, in a real browser.
// PARITY: login / logout example with `s.get('logged_in', false)`; remember me with its own timeout for
// session and cookie; ordinary sessions end with the browser.

import type { Page } from 'playwright-core';
import { browserTest, press, textSeen, visit } from '../browser.ts';
import { MODES, withDemo } from './demo.ts';
import { buy, pathOf } from './shopper.ts';

const DAY = 86_400;

for (const mode of MODES) {
  browserTest(`a login gives a new session id and keeps the cart; logout ends both (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        const members = `${demo.url}/members/`;
        await page.goto(members);
        t.is(pathOf(page), '/login/');
        await buy(page, demo.url, 'night-ferry');
        const before = await sessionCookie(page);
        await page.goto(members);
        await logIn(page, 'jean', 'brouette');
        t.is(pathOf(page), '/members/');
        t.is(await textSeen(page.getByRole('heading', { level: 1 })), 'Hello, Jean Dupont');
        const after = await sessionCookie(page);
        t.not(after?.value, before?.value);
        t.is(after?.expires, -1);
        const navigation = page.getByRole('navigation', { name: 'Main' });
        t.is(await navigation.getByRole('link', { name: 'Members' }).count(), 1);
        t.is(await navigation.getByRole('link', { name: 'Log in' }).count(), 0);
        await page.goto(`${demo.url}/shop/cart`);
        t.true((await textSeen(page.getByRole('main'))).includes('Night Ferry'));

        await page.goto(`${demo.url}/login/logout`);
        t.is(pathOf(page), '/members/');
        await press(page.getByRole('button', { name: 'Log out', exact: true }));
        t.is(pathOf(page), '/login/');
        t.regex(await textSeen(page.getByRole('status')), /logged out/);
        t.is(await navigation.getByRole('link', { name: 'Log in' }).count(), 1);
        await page.goBack();
        t.is(pathOf(page), '/login/');
        await page.goto(`${demo.url}/shop/cart`);
        t.true((await textSeen(page.getByRole('main'))).includes('It is empty.'));
      }),
    );
  });

  browserTest(`remember me gives the cookie thirty days, and at most a tenth more (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await page.goto(`${demo.url}/login/`);
        await page.getByLabel('Remember me').check();
        await logIn(page, 'marie', 'gorse and granite');
        const cookie = await sessionCookie(page);
        const days = ((cookie?.expires ?? 0) - Date.now() / 1000) / DAY;
        t.true(days > 29.9 && days < 33.1, `${days} days`);
        t.is(cookie?.httpOnly, true);
        t.true((await textSeen(page.getByRole('main'))).includes('yes'));
      }),
    );
  });

  browserTest(`an unknown user and a wrong password get the same answer (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`${demo.url}/login/`);
        await logIn(page, 'jean', 'Brouette');
        const wrong = await textSeen(page.getByRole('alert'));
        t.is(wrong, 'User name and password do not match.');
        t.is(await page.getByLabel('User name').inputValue(), 'jean');
        t.is(await page.getByLabel('Password').inputValue(), '');
        await logIn(page, 'nobody', 'brouette');
        t.is(await textSeen(page.getByRole('alert')), wrong);
        await page.reload();
        t.is(await page.getByRole('alert').count(), 0);
        t.false(demo.traces().includes('brouette'));
      }),
    );
  });
}

async function logIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await press(page.getByRole('button', { name: 'Log in' }));
}

async function sessionCookie(
  page: Page,
): Promise<{ value: string; expires: number; httpOnly: boolean } | undefined> {
  return (await page.context().cookies()).find(({ name }) => name === 'sessionId');
}
