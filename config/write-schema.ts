// Writes config/config.schema.json again after a change of the declaration: node dist/config/write-schema.js

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationSchema } from './json-schema.ts';

writeFileSync(
  join(process.cwd(), 'config', 'config.schema.json'),
  `${JSON.stringify(configurationSchema(), null, 2)}\n`,
);
