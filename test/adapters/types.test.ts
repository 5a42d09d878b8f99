// The package's types, checked in a program that is written in TypeScript.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { findTypeScript } from '../../engine/pages/type-check/installed-typescript.ts';

const programs = fileURLToPath(new URL('../../../test/cases/programs', import.meta.url));

test('a program under strict settings type-checks, and its marked mistakes are mistakes', (t) => {
  const typescript = findTypeScript(programs);
  if (typescript === undefined) throw new Error('typescript is not installed');
  const run = spawnSync(process.execPath, [typescript.tsc, '-p', join(programs, 'tsconfig.json')], {
    encoding: 'utf8',
  });
  t.is(run.stdout + run.stderr, '');
  t.is(run.status, 0);
});
