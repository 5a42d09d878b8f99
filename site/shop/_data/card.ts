// Step 3: the bank card. The number and the security code are checked here and go no further: the session keeps the brand, the last
// four digits and the expiry date. (A real shop hands them to its bank here.)

import * as v from 'valibot';
import type { Answers } from './answers.ts';
import { line } from './text.ts';

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

/** Month and year, as printed on the card. */
const EXPIRY = /^(0?[1-9]|1[0-2]) ?\/ ?(?:20)?(\d\d)$/;

const cardNumber = v.pipe(
  line,
  v.transform((typed) => typed.replace(/[\s-]/g, '')),
  v.nonEmpty('Enter the number on the front of the card.'),
  v.digits('Use digits only; spaces are fine.'),
  v.check((digits) => brandOf(digits) !== undefined, 'We take Visa, Mastercard and American Express.'),
  v.check(
    (digits) => brandOf(digits)?.digits.includes(digits.length) === true && passesLuhn(digits),
    'Check the number: a digit is wrong.',
  ),
);

/** The schema of the form. Its output has only what the shop may keep. */
export function cardForm(now: Date) {
  return v.pipe(
    v.object({ card_number: cardNumber, expiry: expiryFrom(now), cvc: line }),
    v.forward(
      v.check(
        (card) => /^\d+$/.test(card.cvc) && card.cvc.length === cvcLength(card.card_number),
        ({ input }) => `Enter the ${cvcLength(input.card_number)} digits of the security code.`,
      ),
      ['cvc'],
    ),
    v.transform(({ card_number: number, expiry }) => ({
      brand: brandOf(number)?.name ?? '',
      last4: number.slice(-4),
      expiry,
    })),
  );
}

export type Card = v.InferOutput<ReturnType<typeof cardForm>>;

/** The answers without the number and the code, which may have been typed into the wrong field. */
export function keptOf({ data, values, errors }: Answers<Card>): Answers<Card> {
  return { data, values: { expiry: data?.expiry ?? values.expiry?.slice(0, 7) }, errors };
}

function expiryFrom(now: Date) {
  return v.pipe(
    line,
    v.regex(EXPIRY, 'Enter month and year, like 04/29.'),
    v.check((expiry) => !(monthsLeft(expiry, now) < 0), 'This card has expired: use another one.'),
    v.check((expiry) => !(monthsLeft(expiry, now) > 240), 'Check the year.'),
  );
}

/** NaN when there is no date. */
function monthsLeft(expiry: string, now: Date): number {
  const [, month, year] = EXPIRY.exec(expiry) ?? [];
  return (2000 + Number(year) - now.getFullYear()) * 12 + Number(month) - 1 - now.getMonth();
}

function brandOf(digits: string): Brand | undefined {
  return BRANDS.find(({ begins }) => begins.test(digits));
}

function cvcLength(digits: string): number {
  return brandOf(digits)?.cvc ?? 3;
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
