// Error codes of cli.

import { codes } from '../code-entry.ts';

export const cliCodes = codes({});
