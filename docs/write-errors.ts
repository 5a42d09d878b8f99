// Writes docs/errors.md again after a change of the error codes: npm run docs

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorReference } from './error-reference.ts';

writeFileSync(join(process.cwd(), 'docs', 'errors.md'), errorReference());
