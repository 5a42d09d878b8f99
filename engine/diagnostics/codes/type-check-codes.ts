// Error codes of type-checking: what keeps `karrigell check` from it. What is wrong with a type has TypeScript's own code.

import type { CodeTable } from '../code-entry.ts';

export const typeCheckCodes = {
  'typescript-version': {
    text: 'TypeScript {version} was found in {folder}, expected one from 5.9 on and below 8',
    remedy: 'Run: npm install --save-dev typescript@latest',
  },
  'types-configuration': {
    text: 'TypeScript refuses its configuration: {reason}',
    remedy:
      'Correct tsconfig.json beside the configuration of the site; `npx tsc --showConfig` shows what holds.',
  },
  'types-failed': {
    text: 'TypeScript {version} ended without a result: {reason}',
    remedy: 'Run `npx tsc --version` in this folder: if it fails too, install typescript again.',
  },
} as const satisfies CodeTable;
