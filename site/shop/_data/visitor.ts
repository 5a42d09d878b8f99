// The attributes that the shop keeps in a visitor's session: plain values only, so that every store can hold them.

import type { Address } from './address.ts';
import type { Answers } from './answers.ts';
import type { Card } from './card.ts';
import type { Cart } from './cart.ts';
import type { Gift } from './gift.ts';

export interface Visitor {
  cart: Cart;
  address: Answers<Address>;
  gift: Answers<Gift>;
  card: Answers<Card>;
  /** The order that was placed last. */
  order: string;
}

/** The session as the modules of the shop read it. */
export interface ShopSession {
  get<Key extends keyof Visitor>(key: Key): Visitor[Key] | undefined;
}
