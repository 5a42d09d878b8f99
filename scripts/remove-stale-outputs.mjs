// Removes the outputs in dist/ whose source is gone, since an incremental tsc leaves them and the tests would run them.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');
const COMPILED = ['engine', 'config', 'test', 'bench'];
const OUTPUT = /(?:\.d\.ts|\.js|\.js\.map)$/;

for (const folder of COMPILED) {
  if (!existsSync(join(dist, folder))) continue;
  for (const name of readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' })) {
    if (!OUTPUT.test(name)) continue;
    const source = join(root, folder, name.replace(OUTPUT, '.ts'));
    if (!existsSync(source)) rmSync(join(dist, folder, name));
  }
}
