// The services for Form of a page that app.render() runs: no form is kept, because no visitor comes back.

import { secretNames } from '../forms/secret-fields.ts';
import type { FormServices } from '../runtime/page-types.ts';

/** @param words further words that make a field secret (`secret_fields`) */
export function formsWithoutRequest(words: readonly string[]): FormServices {
  const nothing = () => undefined;
  return {
    isSecret: secretNames(words),
    refused: new Map(),
    kept: nothing,
    shown: nothing,
    keep: nothing,
    discard: nothing,
  };
}
