// The configuration of ava for `npm run test:unit`: the test files that start no program and no server.

import manifest from '../package.json' with { type: 'json' };
import { unitGroups } from './groups/write-groups.mjs';

export default () => ({
  ...manifest.ava,
  files: unitGroups(),
  // All of them take longer than most folders.
  environmentVariables: { TEST_RANDOM_SHARE: '0.1' },
});
