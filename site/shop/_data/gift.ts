// Step 2: gift wrapping, and the message on the card.

import { type Answers, answers, type Typed } from './answers.ts';

export interface Gift {
  readonly wrap: boolean;
  readonly message: string;
}

/** Cents. */
export const WRAPPING = 350;
export const LONGEST_MESSAGE = 200;

export const NO_GIFT = answers<Gift>({ wrap: false, message: '' }, {});

export function checkGift(typed: Typed<keyof Gift>): Answers<Gift> {
  const values = {
    wrap: typed.wrap !== undefined,
    message: (typed.message ?? '').normalize().replaceAll('\r\n', '\n').trim(),
  };
  return answers<Gift>(values, { message: messageProblem(values) });
}

function messageProblem({ wrap, message }: Gift): string | false {
  const excess = [...message].length - LONGEST_MESSAGE;
  if (excess > 0) return `Shorten the message by ${excess} ${excess === 1 ? 'character' : 'characters'}.`;
  return message !== '' && !wrap && 'A message needs the gift wrapping: tick the box, or clear the message.';
}
