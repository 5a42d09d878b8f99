// The price of the cart, with wrapping and shipping, in whole cents.

import { COUNTRIES, findCountry } from './address.ts';
import { type Line, linesOf } from './cart.ts';
import { WRAPPING } from './gift.ts';
import type { ShopSession } from './visitor.ts';

export interface Bill {
  readonly lines: readonly Line[];
  readonly goods: number;
  readonly wrapping: number;
  readonly shipping: number;
  readonly total: number;
}

export const FREE_SHIPPING_FROM = 5000;

/** The visitor's bill as things stand; until the address is known, shipping is to the first country. */
export function billOf(s: ShopSession): Bill {
  const lines = linesOf(s.get('cart'));
  const goods = lines.reduce((sum, line) => sum + line.cents, 0);
  const wrapping = s.get('gift')?.values.wrap ? WRAPPING : 0;
  const country = findCountry(s.get('address')?.values.country) ?? COUNTRIES[0];
  const shipping = goods >= FREE_SHIPPING_FROM ? 0 : (country?.shipping ?? 0);
  return { lines, goods, wrapping, shipping, total: goods + wrapping + shipping };
}
