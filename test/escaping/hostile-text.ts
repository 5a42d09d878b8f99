// Random values that consist of texts which have broken out of other template languages.

import fc from 'fast-check';
import { HOSTILE } from './hostile.ts';

export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 3, unit: 'binary' })), { maxLength: 5 })
  .map((pieces) => pieces.join(''));
