// The products and their prices. A real shop reads them from a database.

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** In cents: sums of fractions would not be exact. */
  readonly price: number;
}

export const products: readonly Product[] = [
  { id: 'tea', name: 'Tea', text: 'A hundred grams of green leaves.', price: 850 },
  { id: 'pot', name: 'Tea pot', text: 'Holds a litre, and does not drip.', price: 3200 },
  { id: 'cup', name: 'Cup', text: 'Thin, white, for one.', price: 1290 },
];

export function productOf(id: string | undefined): Product | undefined {
  return products.find((product) => product.id === id);
}

/** A line of the cart for each product that is still sold. */
export function linesOf(cart: Readonly<Record<string, number>>) {
  return products
    .filter(({ id }) => (cart[id] ?? 0) > 0)
    .map((product) => ({
      ...product,
      count: cart[product.id] ?? 0,
      sum: (cart[product.id] ?? 0) * product.price,
    }));
}

export function totalOf(cart: Readonly<Record<string, number>>): number {
  return linesOf(cart).reduce((total, { sum }) => total + sum, 0);
}

export function priceText(cents: number): string {
  return (cents / 100).toLocaleString('en', { style: 'currency', currency: 'EUR' });
}
