// Compiles each page of a site once. Run by bench/check.ts with the folder of the site.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePage } from '../../engine/compiler/index.ts';

const [site = ''] = process.argv.slice(2);
for (const name of readdirSync(site, { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.pih')) {
    const file = join(site, name);
    compilePage(readFileSync(file, 'utf8'), { file });
  }
