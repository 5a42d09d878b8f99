// The guestbook in a real browser: uploads, a guarded folder, work that is kept over a login, and logout everywhere.

import type { Page } from 'playwright-core';
import { browserTest, press, textSeen, visit } from '../browser.ts';
import { MODES, withDemo } from './demo.ts';
import { pathOf } from './shopper.ts';

/** One red pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
);

const PHOTO = { name: 'red.png', mimeType: 'image/png', buffer: PNG };

for (const mode of MODES) {
  browserTest(`a member writes an entry with a photo, once (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`${demo.url}/members/write`);
        t.is(pathOf(page), '/login/');
        await logIn(page, 'marie', 'gorse and granite');
        t.is(pathOf(page), '/members/write');
        const text = `Bonjour <b>${mode}</b> from the sea`;
        await page.getByLabel('Your words').fill(text);
        await page.getByLabel('A photo').setInputFiles(PHOTO);
        await addEntry(page);
        t.is(pathOf(page), '/members/write');
        t.is(await textSeen(page.locator('#shows-error')), 'Say in a few words what the photo shows.');
        t.is(await page.getByLabel('Your words').inputValue(), text);
        await page.getByLabel('What the photo shows').fill('Red');
        await page.getByLabel('A photo').setInputFiles(PHOTO);
        await addEntry(page);
        t.is(pathOf(page), '/guestbook/');
        t.is(await textSeen(page.getByRole('status')), 'Thank you: your entry is here.');
        const entry = page.getByRole('article').filter({ hasText: text });
        t.is(await entry.count(), 1);
        const source = await entry.getByRole('img', { name: 'Red' }).getAttribute('src');
        const photo = await page.request.get(new URL(source ?? '', page.url()).href);
        t.is(photo.headers()['content-type'], 'image/png');
        t.deepEqual(await photo.body(), PNG);
        await page.reload();
        t.is(await page.getByRole('status').count(), 0);
      }),
    );
  });

  browserTest(`a file that is no picture is refused beside its field (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await page.goto(`${demo.url}/members/write`);
        await logIn(page, 'marie', 'gorse and granite');
        await page.getByLabel('Your words').fill('no picture');
        await page
          .getByLabel('A photo')
          .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('<script>') });
        await page.getByLabel('What the photo shows').fill('Nothing');
        await addEntry(page);
        t.is(await textSeen(page.locator('#photo-error')), 'Choose a JPEG, PNG or WebP picture.');
        t.is(await page.getByLabel('Your words').inputValue(), 'no picture');
      }),
    );
  });

  browserTest(`a written entry is there after a login, if the session had ended (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        const text = `${'A long text. '.repeat(100)}${mode}`;
        await page.goto(`${demo.url}/members/write`);
        await logIn(page, 'jean', 'brouette');
        await page.getByLabel('Your words').fill(text);
        await page.context().clearCookies();
        await addEntry(page);
        t.is(pathOf(page), '/login/');
        await logIn(page, 'jean', 'wrong');
        await logIn(page, 'jean', 'brouette');
        t.is(pathOf(page), '/members/write');
        t.regex(await textSeen(page.getByRole('status')), /Nothing is lost/);
        t.is(await page.getByLabel('Your words').inputValue(), text);
        await page.goto(`${demo.url}/guestbook/`);
        t.is(await page.getByText(text.trim()).count(), 0);
      }),
    );
  });

  browserTest(`a logout everywhere ends the other login too (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, (page) =>
        visit({}, async (other) => {
          for (const each of [page, other]) {
            await each.goto(`${demo.url}/login/`);
            await logIn(each, 'marie', 'gorse and granite');
            t.is(pathOf(each), '/members/');
          }
          await press(page.getByRole('button', { name: 'Log out everywhere' }));
          t.regex(await textSeen(page.getByRole('status')), /wherever you had logged in/);
          await other.reload();
          t.is(pathOf(other), '/login/');
        }),
      ),
    );
  });
}

browserTest('after five wrong passwords the right one has to wait', async (t) => {
  await withDemo('memory', (demo) =>
    visit({}, async (page) => {
      await page.goto(`${demo.url}/login/`);
      for (const _ of [1, 2, 3, 4, 5]) await logIn(page, 'throttled', 'wrong');
      t.is(await textSeen(page.getByRole('alert')), 'User name and password do not match.');
      await logIn(page, 'throttled', 'right');
      t.is(await textSeen(page.getByRole('alert')), 'Too many attempts. Try again in 10 minutes.');
    }),
  );
});

async function logIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await press(page.getByRole('button', { name: 'Log in' }));
}

function addEntry(page: Page): Promise<void> {
  return press(page.getByRole('button', { name: 'Add the entry' }));
}
