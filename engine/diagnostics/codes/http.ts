// Error codes of http.

import { codes } from '../code-entry.ts';

export const httpCodes = codes({
});
