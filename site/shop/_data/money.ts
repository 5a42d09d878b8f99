// The one way this shop writes an amount.

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** 1490 → "€14.90". */
export function money(cents: number): string {
  return euros.format(cents / 100);
}
