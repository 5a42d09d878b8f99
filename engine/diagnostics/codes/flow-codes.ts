// Error codes of the flow analysis: control flow whose paths would reach one point of a page in different contexts.

import type { CodeTable } from '../code-entry.ts';

export const flowCodes = {
  'branches-differ': {
    text: 'one path through this ends {one}, another {other}, so what follows cannot be right for both',
    remedy: 'Close inside a branch what it opens there, or write the whole tag in each branch.',
  },
  'loop-differs': {
    text: 'this loop begins {one}, but an iteration ends {other}',
    remedy: 'Close inside the loop what it opens there.',
  },
  'function-differs': {
    text: 'this function begins {one}, but it ends {other}',
    remedy: 'Close inside the function what it opens there, and before each return.',
  },
  'function-elsewhere': {
    text: '{name} is written {written} (line {line}, column {column}) and prints what is right there; this is {here}',
    remedy: 'Let it return a string and print that here with `<%= %>`.',
  },
  'finally-differs': {
    text: 'this `finally` prints or jumps, so it must be reached where its try began, {one}; one way into or out of it is {other}',
    remedy: 'Close inside the try what it opens there.',
  },
  'page-ends-inside': {
    text: 'the page ends {place}',
    remedy: 'Close what is open here.',
  },
  'return-inside': {
    text: 'the page would end here, {place}',
    remedy: 'Return before the tag begins, or after its end.',
  },
  'text-in-class': {
    text: 'nothing can be printed here, between the members of a class',
    remedy: 'Write the class in one block, and HTML inside its methods only.',
  },
  'await-inside': {
    text: 'a function that prints may {keyword} only where it began, {entry}; this is {place}',
    remedy: 'Get the value before the function prints its tag.',
  },
  'include-inside': {
    text: '{name} prints markup, and this is {place}',
    remedy: 'Use it in element text only. For a value, call a function that returns a string.',
  },
  'flush-inside': {
    text: 'RESPONSE.flush() would send the page as far as it has come here, {place}',
    remedy: 'Call it in element text: before the tag begins or after its end.',
  },
  'print-differs': {
    text: 'print() inside other code begins {one} and ends {other}',
    remedy: 'Write it as a statement of its own, or use `<%= %>`.',
  },
  misplaced: {
    text: 'this prints what is right {written}, but it was called {here}',
    remedy: 'Let it return a string, and print that where it is called.',
  },
} as const satisfies CodeTable;
