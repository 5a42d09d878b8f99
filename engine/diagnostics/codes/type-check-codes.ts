// Error codes of the type check: reasons why `karrigell check` cannot check types. Type errors have the codes of
// TypeScript.

import type { CodeTable } from '../code-entry.ts';

export const typeCheckCodes = {
  'typescript-version': {
    text: 'TypeScript {version} was found in {folder}, expected a version from 5.9 on and below 8',
    remedy: 'Run: npm install --save-dev typescript@latest',
  },
  'types-configuration': {
    text: 'TypeScript refuses its configuration: {reason}',
    remedy:
      'Correct tsconfig.json beside the configuration of the site; `npx tsc --showConfig` shows the resolved settings.',
  },
  'types-failed': {
    text: 'TypeScript {version} ended without a result: {reason}',
    remedy: 'Run `npx tsc --version` in this folder: if it fails too, install typescript again.',
  },
} as const satisfies CodeTable;
