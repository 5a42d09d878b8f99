// The cart of a visitor: a plain object, so that any session store can keep it.

import { findProduct, type Product } from './catalogue.ts';

/** Product id → how many. */
export type Cart = Readonly<Record<string, number>>;

export interface Line {
  readonly product: Product;
  readonly quantity: number;
  readonly cents: number;
}

export const MOST_OF_ONE = 20;

/** The cart's lines. A product that the shop no longer sells has none. */
export function linesOf(cart: Cart = {}): Line[] {
  return Object.entries(cart).flatMap(([id, quantity]) => {
    const product = findProduct(id);
    return product === undefined ? [] : [{ product, quantity, cents: product.cents * quantity }];
  });
}

/** How many things are in the cart. */
export function itemsIn(cart?: Cart): number {
  return linesOf(cart).reduce((sum, line) => sum + line.quantity, 0);
}

/** The cart with that many of one product; 0 takes it out. */
export function withQuantity(cart: Cart, id: string, quantity: number): Cart {
  const { [id]: _, ...others } = cart;
  return quantity === 0 ? others : { ...others, [id]: Math.min(quantity, MOST_OF_ONE) };
}

/** A typed quantity as a number; undefined when it is none, or more than the shop sells at once. */
export function readQuantity(typed: string | undefined): number | undefined {
  const quantity = /^\d{1,3}$/.test(typed?.trim() ?? '') ? Number(typed) : Number.NaN;
  return quantity <= MOST_OF_ONE ? quantity : undefined;
}
