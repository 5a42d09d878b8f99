// Step 2: gift wrapping, and the message on the card.

import * as v from 'valibot';
import { text } from './text.ts';

/** Cents. */
export const WRAPPING = 350;
export const LONGEST_MESSAGE = 200;

const message = v.pipe(
  text,
  v.transform((typed) => typed.replaceAll('\r\n', '\n')),
  v.trim(),
  v.check(
    (typed) => excessOf(typed) <= 0,
    ({ input }) => `Shorten the message by ${characters(excessOf(input))}.`,
  ),
);

/** The schema of the form. */
export const giftForm = v.pipe(
  v.object({
    wrap: v.pipe(
      text,
      v.transform((ticked) => ticked !== ''),
    ),
    message,
  }),
  v.forward(
    v.check(
      (gift) => gift.wrap || gift.message === '',
      'A message needs the gift wrapping: tick the box, or clear the message.',
    ),
    ['message'],
  ),
);

export type Gift = v.InferOutput<typeof giftForm>;

function excessOf(typed: string): number {
  return [...typed].length - LONGEST_MESSAGE;
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}
