// Where the declarations of the names of pages lie. Typed pages import them by this path.

import { fileURLToPath } from 'node:url';

/** The path of `page-name-types.ts` as compiled, with slashes; its declaration file lies beside it. */
export const PAGE_NAME_TYPES = fileURLToPath(new URL('./page-name-types.js', import.meta.url)).replaceAll(
  '\\',
  '/',
);
