// The order of the checkout's steps, and who may see which.

import { itemsIn } from './cart.ts';
import type { ShopSession } from './visitor.ts';

export const STEPS = [
  { name: 'address', title: 'Address' },
  { name: 'gift', title: 'Gift' },
  { name: 'card', title: 'Card' },
  { name: 'review', title: 'Review' },
] as const;

export type StepName = (typeof STEPS)[number]['name'];

/** The page to be filled in before `step` may be shown; undefined when nothing is missing. */
export function missingBefore(step: StepName, s: ShopSession): string | undefined {
  if (itemsIn(s.get('cart')) === 0) return '/shop/cart';
  for (const { name } of STEPS) {
    if (name === step || name === 'review') return undefined;
    if (!s.get(name)?.ok) return `/shop/checkout/${name}`;
  }
  return undefined;
}
