// The shop, walked in a real browser over the real program, with sessions in memory and in the JSON store.
// PARITY: the checkout that the manual of Karrigell describes (goods, address, gift message, card, review).

import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { browserTest, press, textSeen, visit } from '../browser.ts';
import { MODES, withDemo, withOwnDemo } from './demo.ts';
import {
  buy,
  CARD_AS_TYPED,
  CARD_NUMBER,
  confirmButton,
  confirmedFields,
  fillUntilReview,
  giveAddress,
  giveCard,
  goOn,
  goToCheckout,
  nextYear,
  pathOf,
  wrapAsGift,
} from './shopper.ts';

for (const mode of MODES) {
  browserTest(`two CDs and a book are bought without client JavaScript (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({ javaScriptEnabled: false }, async (page) => {
        await buy(page, demo.url, 'night-ferry');
        await buy(page, demo.url, 'tide-tables');
        await buy(page, demo.url, 'salt-roads');
        t.is(await textSeen(page.getByRole('status')), '“Salt Roads” is in your cart.');
        await goToCheckout(page);
        await refuseAddress(t, page);
        await giveAddress(page);
        await refuseGift(t, page);
        await wrapAsGift(page, 'Joyeux <b>anniversaire</b> !');
        await refuseCard(t, page);
        const shown = [await page.content(), demo.traces()];
        await giveCard(page);
        t.is(pathOf(page), '/shop/checkout/review');
        shown.push(await page.content(), demo.traces());
        await page.goto(`${demo.url}/shop/checkout/card`);
        shown.push(await page.content());
        await press(page.getByRole('link', { name: 'Keep this card' }));
        const review = await textSeen(page.getByRole('main'));
        t.true(review.includes('Mastercard ending in 4444'));
        t.true(review.includes('Joyeux <b>anniversaire</b> !'));
        t.true(review.includes('€56.90')); // 16.50 + 14.90 + 22.00 + 3.50 for wrapping; shipping is free
        await press(confirmButton(page));

        t.is(pathOf(page), '/shop/checkout/receipt');
        shown.push(await page.content());
        t.regex(await textSeen(page.getByRole('heading', { level: 1 })), /Jean Dupont/);
        await page.reload();
        t.true((await textSeen(page.getByRole('main'))).includes('€56.90'));
        t.is(demo.orders().length, 1);
        await page.goto(`${demo.url}/shop/cart`);
        t.true((await textSeen(page.getByRole('main'))).includes('It is empty.'));

        const everything = shown.join('\n') + demo.traces();
        t.true(everything.includes('4444'));
        t.false(everything.includes(CARD_NUMBER.slice(0, -4)));
        t.false(everything.includes(CARD_AS_TYPED.slice(0, -4)));
      }),
    );
  });

  browserTest(`no step can be skipped: the first missing one is shown (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        const ask = async (step: string): Promise<string> => {
          await page.goto(`${demo.url}/shop/checkout/${step}`);
          return pathOf(page);
        };
        t.is(await ask('review'), '/shop/cart');
        t.is(await ask('receipt'), '/shop/cart');
        await buy(page, demo.url, 'small-servers');
        t.is(await ask('card'), '/shop/checkout/address');
        await giveAddress(page);
        t.is(await ask('review'), '/shop/checkout/gift');
        t.is(await ask('confirm'), '/shop/checkout/gift');
        await goOn(page);
        t.is(await ask(''), '/shop/checkout/card');
        t.deepEqual(demo.orders(), []);
      }),
    );
  });

  browserTest(`Back and reload keep the typed values and repeat nothing (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await buy(page, demo.url, 'nine-variations');
        await page.reload();
        t.is(await page.getByRole('spinbutton').inputValue(), '1');
        await goToCheckout(page);
        await giveAddress(page);
        await wrapAsGift(page, 'Écoute bien.');
        await page.reload();
        t.is(pathOf(page), '/shop/checkout/card');
        await page.goBack();
        t.is(pathOf(page), '/shop/checkout/gift');
        t.true(await page.getByLabel('Wrap it as a gift').isChecked());
        t.is(await page.getByLabel('Message on the gift card').inputValue(), 'Écoute bien.');
        await page.goBack();
        t.is(await page.getByLabel('Town or city').inputValue(), 'Brest');
        await page.goForward();
        await page.goForward();
        await giveCard(page);
        await press(confirmButton(page));
        t.is(pathOf(page), '/shop/checkout/receipt');
        await page.goBack();
        t.is(pathOf(page), '/shop/cart');
        await press(page.getByRole('link', { name: 'see your last receipt' }));
        t.is(pathOf(page), '/shop/checkout/receipt');
        t.is(demo.orders().length, 1);
      }),
    );
  });

  browserTest(`a double click on Confirm places one order (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await fillUntilReview(page, demo.url);
        const form = await confirmedFields(page);
        const answers = await Promise.all(
          [1, 2, 3].map(() => page.request.post(`${demo.url}/shop/checkout/confirm`, { form })),
        );
        for (const answer of answers) t.is(new URL(answer.url()).pathname, '/shop/checkout/receipt');
        t.is(demo.orders().length, 1);

        await fillUntilReview(page, demo.url);
        await confirmButton(page).dblclick();
        // The second click may break off the navigation of the first.
        await page.waitForFunction(
          'location.pathname.endsWith("/receipt") && document.readyState === "complete"',
        );
        t.is(demo.orders().length, 2);
      }),
    );
  });

  browserTest(`an order that changed since its review is shown again, not placed (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await fillUntilReview(page, demo.url);
        const other = await page.context().newPage();
        await buy(other, demo.url, 'night-ferry');
        await press(confirmButton(page));
        t.is(pathOf(page), '/shop/checkout/review');
        t.regex(await textSeen(page.getByRole('status')), /has changed/);
        t.deepEqual(demo.orders(), []);
        await press(confirmButton(page));
        t.is(pathOf(page), '/shop/checkout/receipt');
      }),
    );
  });

  browserTest(`the whole checkout works from the keyboard (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        await page.goto(`${demo.url}/shop/products/the-wheelbarrow`);
        await tabTo(page, 'Add to cart: The Wheelbarrow');
        await enter(page, '**/shop/cart');
        await tabTo(page, 'Go to checkout');
        await enter(page, '**/checkout/address');
        for (const [field, text] of [
          ['name', 'Marie Le Bihan'],
          ['street', '7 rue Haute'],
          ['postcode', '29000'],
          ['city', 'Quimper'],
        ] as const) {
          await tabTo(page, field);
          await page.keyboard.type(text);
        }
        await enter(page, '**/checkout/gift');
        await tabTo(page, 'wrap');
        await page.keyboard.press('Space');
        await tabTo(page, 'Continue to the card');
        await enter(page, '**/checkout/card');
        for (const [field, text] of [
          ['card_number', CARD_AS_TYPED],
          ['expiry', nextYear()],
          ['cvc', '737'],
        ] as const) {
          await tabTo(page, field);
          await page.keyboard.type(text);
        }
        await enter(page, '**/checkout/review');
        await tabTo(page, 'Confirm and pay €27.30');
        await enter(page, '**/checkout/receipt');
        t.is(demo.orders().length, 1);
      }),
    );
  });

  browserTest(
    `a cart row with a mistake has its controls where the other rows have them (${mode})`,
    async (t) => {
      await withDemo(mode, (demo) =>
        visit({ viewport: { width: 1280, height: 900 } }, async (page) => {
          await buy(page, demo.url, 'static-garden');
          await buy(page, demo.url, 'tide-tables');
          await page.getByLabel('Quantity of Static Garden').fill('21');
          await press(page.getByRole('button', { name: 'Change the quantity of Static Garden' }));
          for (const width of [1280, 390]) {
            await page.setViewportSize({ width, height: 900 });
            const quantities = await page.getByLabel(/^Quantity of/).all();
            const boxes = await Promise.all(quantities.map((each) => each.boundingBox()));
            t.is(boxes.length, 2);
            t.is(new Set(boxes.map((box) => box?.x)).size, 1, `${width} px: ${JSON.stringify(boxes)}`);
          }
        }),
      );
    },
  );

  browserTest(`the cart takes quantities, refuses nonsense and can be emptied (${mode})`, async (t) => {
    await withDemo(mode, (demo) =>
      visit({}, async (page) => {
        const quantity = page.getByLabel('Quantity of Static Garden');
        const total = (): Promise<string> => textSeen(page.getByText('Together'));
        await buy(page, demo.url, 'static-garden');
        await quantity.fill('3');
        await press(page.getByRole('button', { name: 'Change' }));
        t.is(await total(), 'Together €38.70');
        await quantity.fill('21');
        await press(page.getByRole('button', { name: 'Change' }));
        t.is(await quantity.inputValue(), '21');
        t.is(await describedBy(page, '[aria-invalid]'), 'Enter a whole number from 0 to 20.');
        t.is(await total(), 'Together €38.70');
        await buy(page, demo.url, 'salt-roads');
        await press(page.getByRole('button', { name: 'Remove Static Garden' }));
        t.is(await total(), 'Together €22.00');
        await press(page.getByRole('button', { name: 'Empty the cart' }));
        t.true((await textSeen(page.getByRole('main'))).includes('It is empty.'));
        t.is((await page.request.get(`${demo.url}/shop/products/no-such-thing`)).status(), 404);
      }),
    );
  });
}

browserTest('a checkout goes on after the server was killed and started again', async (t) => {
  await withOwnDemo('json', (demo) =>
    visit({}, async (page) => {
      await buy(page, demo.url, 'letters-to-a-lighthouse');
      await goToCheckout(page);
      await giveAddress(page);
      await demo.server.kill();
      await demo.server.restart();
      await goOn(page);
      t.is(pathOf(page), '/shop/checkout/card');
      await giveCard(page);
      await demo.server.restart();
      await press(confirmButton(page));
      t.is(pathOf(page), '/shop/checkout/receipt');
      await demo.server.kill();
      await demo.server.restart();
      await page.reload();
      t.true((await textSeen(page.getByRole('main'))).includes('3 quai de la Douane'));
      t.is(demo.orders().length, 1);
      t.false(demo.traces().includes(CARD_NUMBER));
    }),
  );
});

async function refuseAddress(t: ExecutionContext, page: Page): Promise<void> {
  await page.getByLabel('Full name').fill('Jean "Jeannot" Dupont');
  await page.getByLabel('Postcode').fill('292');
  await goOn(page);
  t.is(pathOf(page), '/shop/checkout/address');
  t.deepEqual(await problems(page), [
    'Enter the street and number.',
    'Enter a postcode like 29200.',
    'Enter the town or city.',
  ]);
  t.is(await page.getByLabel('Full name').inputValue(), 'Jean "Jeannot" Dupont');
  t.is(await page.getByLabel('Postcode').inputValue(), '292');
  t.is(await describedBy(page, '#postcode[aria-invalid="true"]'), 'Enter a postcode like 29200.');
  t.is(await page.locator('[role=alert]:focus').count(), 1);
  await page.reload();
  t.is((await problems(page)).length, 3);
  t.is(await page.getByLabel('Full name').inputValue(), 'Jean "Jeannot" Dupont');
}

async function refuseGift(t: ExecutionContext, page: Page): Promise<void> {
  const tooLong = 'é'.repeat(203);
  await page.getByLabel('Message on the gift card').fill(tooLong);
  await goOn(page);
  t.deepEqual(await problems(page), ['Shorten the message by 3 characters.']);
  t.is(await page.getByLabel('Message on the gift card').inputValue(), tooLong);
}

async function refuseCard(t: ExecutionContext, page: Page): Promise<void> {
  await page.getByLabel('Card number').fill('5555 5555 5555 4445');
  await page.getByLabel('Expires').fill('01/20');
  await page.getByLabel('Security code').fill('12');
  await goOn(page);
  t.deepEqual(await problems(page), [
    'Check the number: a digit is wrong.',
    'This card has expired: use another one.',
    'Enter the 3 digits of the security code.',
  ]);
  t.is(await page.getByLabel('Card number').inputValue(), '');
  t.is(await page.getByLabel('Expires').inputValue(), '01/20');
  t.is(await page.getByLabel('Security code').inputValue(), '');
}

/** The messages of the summary above the form. */
function problems(page: Page): Promise<string[]> {
  return page.getByRole('alert').getByRole('link').allInnerTexts();
}

/** The text of all that describes the one element, by aria-describedby. */
async function describedBy(page: Page, selector: string): Promise<string> {
  const ids = (await page.locator(selector).getAttribute('aria-describedby')) ?? '';
  return (await page.locator(ids.replace(/(\S+)/g, '#$1').replaceAll(' ', ',')).allInnerTexts()).join(' ');
}

/** Presses Tab until the element with that id or text has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.getAttribute('id')) === name) return;
    if ((await focused.textContent())?.trim() === name) return;
  }
  throw new Error(`Tab never came to “${name}” on ${page.url()}`);
}

async function enter(page: Page, next: string): Promise<void> {
  await page.keyboard.press('Enter');
  await page.waitForURL(next);
}
