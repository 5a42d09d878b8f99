// The order of the checkout's steps, and who may see which.

import type { Address } from './address.ts';
import type { Card } from './card.ts';
import { itemsIn } from './cart.ts';
import type { Gift } from './gift.ts';
import type { ShopSession } from './visitor.ts';

export const STEPS = [
  { name: 'address', title: 'Address' },
  { name: 'gift', title: 'Gift' },
  { name: 'card', title: 'Card' },
  { name: 'review', title: 'Review' },
] as const;

export type StepName = (typeof STEPS)[number]['name'];

/** The data of all steps together. */
export interface Details {
  readonly address: Address;
  readonly gift: Gift;
  readonly card: Card;
}

/** The page to be filled in before `step` may be shown; undefined when nothing is missing. */
export function missingBefore(step: StepName, s: ShopSession): string | undefined {
  if (itemsIn(s.get('cart')) === 0) return '/shop/cart';
  for (const { name } of STEPS) {
    if (name === step || name === 'review') return undefined;
    if (s.get(name)?.data === undefined) return `/shop/checkout/${name}`;
  }
  return undefined;
}

/** The details of the order; undefined while a step is missing. */
export function detailsOf(s: ShopSession): Details | undefined {
  if (missingBefore('review', s) !== undefined) return undefined;
  const [address, gift, card] = [s.get('address')?.data, s.get('gift')?.data, s.get('card')?.data];
  return address && gift && card && { address, gift, card };
}
