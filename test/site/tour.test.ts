// The three pages of the session example, in a real browser, with “Back” after close().
// PARITY: the three-page example; attributes set on one page, read on another; a missing attribute gives a
// full error trace that names it; close() erases the session.

import { browserTest, press, textSeen, visit } from '../browser.ts';
import { MODES, withDemo } from './demo.ts';
import { pathOf } from './shopper.ts';

for (const mode of MODES) {
  browserTest(`the tour: form, start, next; after close() a full error page (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await page.goto(demo.url);
        await press(page.getByRole('link', { name: 'Take the tour' }));
        await page.getByLabel('Last name').fill('Dupont & <i>fils</i>');
        await page.getByLabel('First name').fill('Jean');
        await press(page.getByRole('button', { name: 'Ok' }));

        t.is(pathOf(page), '/tour/start.pih');
        t.is(await textSeen(page.locator('.answer')), 'Dupont & <i>fils</i>');
        t.true((await textSeen(page.getByRole('figure'))).includes('s.nom = _monnom;'));
        await press(page.getByRole('link', { name: 'Next…' }));

        t.is(pathOf(page), '/tour/next.pih');
        t.is(new URL(page.url()).search, '');
        t.is(await textSeen(page.locator('.answer')), 'Jean');
        t.deepEqual(await page.context().cookies(), []);

        await page.goBack();
        t.is(await textSeen(page.locator('.answer')), 'Dupont & <i>fils</i>');
        const answer = page.waitForResponse('**/tour/next.pih');
        await press(page.getByRole('link', { name: 'Next…' }));
        t.is((await answer).status(), 500);
        const error = await textSeen(page.locator('body'));
        t.true(error.includes("this session has no attribute 'prenom'"));
        t.true(error.includes('SessionAttributeError'));
        t.true(error.includes('tour/next.pih'));
        t.true(error.includes('print(s.prenom);'));
        t.true(demo.server.output().includes("'prenom'"));
      }),
    );
  });

  browserTest(`without debug the same error tells the visitor nothing of the code (${mode})`, async (t) => {
    const use = (demo: { url: string }): Promise<void> =>
      visit({}, async (page) => {
        const answer = await page.goto(`${demo.url}/tour/next.pih`);
        t.is(answer?.status(), 500);
        t.notRegex(await page.content(), /prenom|Session|next\.pih|site/);
      });
    await withDemo(mode, use, ['--no-debug']);
  });

  browserTest(
    `the first page counts its visits; an unknown URL has a page of its own (${mode})`,
    async (t) => {
      const use = (demo: { url: string }): Promise<void> =>
        visit({}, async (page) => {
          await page.goto(demo.url);
          t.is(await textSeen(page.locator('.count')), 'You were here 1 time. Reload, and see.');
          await page.reload();
          t.is(await textSeen(page.locator('.count')), 'You were here 2 times.');
          t.is((await page.goto(`${demo.url}/no/such/page`))?.status(), 404);
          t.is(await textSeen(page.getByRole('heading', { level: 1 })), 'There is nothing here');
          t.is((await page.goto(`${demo.url}/404`))?.status(), 404);
        });
      await withDemo(mode, use, ['--no-debug']);
    },
  );
}

browserTest('the hints of debug below the page for 404 keep a distance from the edges', async (t) => {
  await withDemo('memory', (demo) =>
    visit({}, async (page) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${demo.url}/nope`);
        const hints = await page.getByText('Debug: why this page').boundingBox();
        t.true((hints?.x ?? 0) >= 16, `${width} px: ${JSON.stringify(hints)}`);
      }
    }),
  );
});
