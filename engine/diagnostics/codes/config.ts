// Error codes of config.

import { codes } from '../code-entry.ts';

export const configCodes = codes({
});
