// Error codes of pages.

import { codes } from '../code-entry.ts';

export const pagesCodes = codes({
});
