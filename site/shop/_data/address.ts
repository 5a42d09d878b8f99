// Step 1: where the order goes, and what that costs.

import { type Answers, answers, oneLine, type Typed } from './answers.ts';

export interface Address {
  readonly name: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
}

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

export const NO_ADDRESS = answers<Address>(
  { name: '', street: '', postcode: '', city: '', country: 'FR' },
  {},
);

const LONGEST = 100;

/** The country of that code. */
export function findCountry(code: string): Country | undefined {
  return COUNTRIES.find((country) => country.code === code);
}

export function checkAddress(typed: Typed<keyof Address>): Answers<Address> {
  const values = {
    name: oneLine(typed.name),
    street: oneLine(typed.street),
    postcode: oneLine(typed.postcode).toUpperCase(),
    city: oneLine(typed.city),
    country: oneLine(typed.country),
  };
  const country = findCountry(values.country);
  return answers<Address>(values, {
    name: textProblem(values.name, 'Enter your full name.'),
    street: textProblem(values.street, 'Enter the street and number.'),
    postcode:
      country?.postcode.test(values.postcode) === false && `Enter a postcode like ${country.example}.`,
    city: textProblem(values.city, 'Enter the town or city.'),
    country: country === undefined && 'Choose one of the countries we deliver to.',
  });
}

function textProblem(value: string, whenEmpty: string): string | false {
  if (value === '') return whenEmpty;
  return value.length > LONGEST && `Use at most ${LONGEST} characters.`;
}
