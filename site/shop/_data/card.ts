// Step 3: the bank card. The number and the security code are checked here and go no further: what is
// kept is the brand, the last four digits and the expiry date. (A real shop hands them to its bank here.)

import { type Answers, answers, oneLine, type Typed } from './answers.ts';

export interface Card {
  readonly brand: string;
  readonly last4: string;
  readonly expiry: string;
}

interface Brand {
  readonly name: string;
  readonly begins: RegExp;
  readonly digits: readonly number[];
  readonly cvc: number;
}

const BRANDS: readonly Brand[] = [
  { name: 'Visa', begins: /^4/, digits: [13, 16, 19], cvc: 3 },
  {
    name: 'Mastercard',
    begins: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
    digits: [16],
    cvc: 3,
  },
  { name: 'American Express', begins: /^3[47]/, digits: [15], cvc: 4 },
];

export const NO_CARD = answers<Card>({ brand: '', last4: '', expiry: '' }, {});

export function checkCard(typed: Typed<'number' | 'expiry' | 'cvc'>, now: Date): Answers<Card> {
  const digits = (typed.number ?? '').replace(/[\s-]/g, '');
  const brand = BRANDS.find(({ begins }) => begins.test(digits));
  const values = { brand: brand?.name ?? '', last4: digits.slice(-4), expiry: oneLine(typed.expiry) };
  const checked = answers(values, {
    number: numberProblem(digits, brand),
    expiry: expiryProblem(values.expiry, now),
    cvc: cvcProblem(oneLine(typed.cvc), brand),
  });
  return checked.ok
    ? checked
    : { ...checked, values: { ...NO_CARD.values, expiry: values.expiry.slice(0, 7) } };
}

function numberProblem(digits: string, brand: Brand | undefined): string | false {
  if (digits === '') return 'Enter the number on the front of the card.';
  if (!/^\d+$/.test(digits)) return 'Use digits only; spaces are fine.';
  if (brand === undefined) return 'We take Visa, Mastercard and American Express.';
  return (
    !(brand.digits.includes(digits.length) && passesLuhn(digits)) && 'Check the number: a digit is wrong.'
  );
}

function expiryProblem(expiry: string, now: Date): string | false {
  const [, month, year] = /^(0?[1-9]|1[0-2]) ?\/ ?(?:20)?(\d\d)$/.exec(expiry) ?? [];
  if (month === undefined || year === undefined) return 'Enter month and year, like 04/29.';
  const monthsLeft = (2000 + Number(year) - now.getFullYear()) * 12 + Number(month) - 1 - now.getMonth();
  if (monthsLeft < 0) return 'This card has expired: use another one.';
  return monthsLeft > 240 && 'Check the year.';
}

function cvcProblem(cvc: string, brand: Brand | undefined): string | false {
  const length = brand?.cvc ?? 3;
  return !(/^\d+$/.test(cvc) && cvc.length === length) && `Enter the ${length} digits of the security code.`;
}

/** Luhn's check (ISO/IEC 7812-1): every second digit from the right counts twice; the sum ends in 0. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const counted = place % 2 === 0 ? Number(digit) : Number(digit) * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
