// The steps of a visitor in the demo shop, one function a page. Each element is found by its role and its label, as a screen
// reader finds it.

import type { Page } from 'playwright-core';
import { press } from '../browser.ts';

/** A valid Mastercard number that the site itself never shows. */
export const CARD_NUMBER = '5555555555554444';
export const CARD_AS_TYPED = '5555 5555 5555 4444';

/** Puts a product into the cart from its own page. */
export async function buy(page: Page, url: string, id: string): Promise<void> {
  await page.goto(`${url}/shop/products/${id}`);
  await press(page.getByRole('button', { name: 'Add to cart' }));
}

export async function goToCheckout(page: Page): Promise<void> {
  await press(page.getByRole('link', { name: 'Go to checkout' }));
}

export async function giveAddress(page: Page): Promise<void> {
  await page.getByLabel('Full name').fill('Jean Dupont');
  await page.getByLabel('Street and number').fill('3 quai de la Douane');
  await page.getByLabel('Postcode').fill('29200');
  await page.getByLabel('Town or city').fill('Brest');
  await page.getByLabel('Country').selectOption({ label: 'France' });
  await goOn(page);
}

export async function wrapAsGift(page: Page, message: string): Promise<void> {
  await page.getByLabel('Wrap it as a gift').check();
  await page.getByLabel('Message on the gift card').fill(message);
  await goOn(page);
}

export async function giveCard(page: Page): Promise<void> {
  await page.getByLabel('Card number').fill(CARD_AS_TYPED);
  await page.getByLabel('Expires').fill(nextYear());
  await page.getByLabel('Security code').fill('737');
  await goOn(page);
}

/** Presses the step's own button. */
export async function goOn(page: Page): Promise<void> {
  await press(page.getByRole('button', { name: /^Continue/ }));
}

export function confirmButton(page: Page): ReturnType<Page['getByRole']> {
  return page.getByRole('button', { name: /^Confirm and pay/ });
}

/** The fields that Confirm would send, with the token of the form. */
export async function confirmedFields(page: Page): Promise<Record<string, string>> {
  const fields = await page.locator('form[action=confirm] input[type=hidden]').all();
  const entries = fields.map(
    async (field): Promise<[string, string]> => [
      (await field.getAttribute('name')) ?? '',
      await field.inputValue(),
    ],
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** From an empty cart to the review of an order. */
export async function fillUntilReview(page: Page, url: string): Promise<void> {
  await buy(page, url, 'tide-tables');
  await goToCheckout(page);
  await giveAddress(page);
  await goOn(page);
  await giveCard(page);
}

/** The part of the address after the server's own. */
export function pathOf(page: Page): string {
  return new URL(page.url()).pathname;
}

/** An expiry date that is always a year away. */
export function nextYear(): string {
  const now = new Date();
  return `${String(now.getMonth() + 1).padStart(2, '0')}/${String(now.getFullYear() + 1).slice(2)}`;
}
