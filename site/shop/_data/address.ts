// Step 1: where the order goes, and what that costs.

import * as v from 'valibot';
import { line } from './text.ts';

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly postcode: RegExp;
  readonly example: string;
  /** Cents. */
  readonly shipping: number;
}

export const COUNTRIES: readonly Country[] = [
  { code: 'FR', name: 'France', postcode: /^\d{5}$/, example: '29200', shipping: 490 },
  { code: 'BE', name: 'Belgium', postcode: /^\d{4}$/, example: '1000', shipping: 690 },
  { code: 'CH', name: 'Switzerland', postcode: /^\d{4}$/, example: '1204', shipping: 990 },
  { code: 'DE', name: 'Germany', postcode: /^\d{5}$/, example: '10115', shipping: 690 },
  {
    code: 'IE',
    name: 'Ireland',
    postcode: /^[A-Z]\d[\dW] ?[\dA-Z]{4}$/i,
    example: 'D02 X285',
    shipping: 890,
  },
];

const LONGEST = 100;

/** The schema of the form: every country has postcodes of its own. */
export const addressForm = v.variant(
  'country',
  COUNTRIES.map(({ code, postcode, example }) =>
    v.object({
      name: filled('Enter your full name.'),
      street: filled('Enter the street and number.'),
      postcode: v.pipe(line, v.toUpperCase(), v.regex(postcode, `Enter a postcode like ${example}.`)),
      city: filled('Enter the town or city.'),
      country: v.literal(code),
    }),
  ),
  'Choose one of the countries we deliver to.',
);

export type Address = v.InferOutput<typeof addressForm>;

/** The country of that code. */
export function findCountry(code: string | undefined): Country | undefined {
  return COUNTRIES.find((country) => country.code === code);
}

function filled(whenEmpty: string) {
  return v.pipe(line, v.nonEmpty(whenEmpty), v.maxLength(LONGEST, `Use at most ${LONGEST} characters.`));
}
