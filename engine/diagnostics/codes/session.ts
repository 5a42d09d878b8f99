// Error codes of session.

import { codes } from '../code-entry.ts';

export const sessionCodes = codes({
});
