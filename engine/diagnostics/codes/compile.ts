// Error codes of compile.

import { codes } from '../code-entry.ts';

export const compileCodes = codes({
});
