// The configuration of ava for `npm test`.

import manifest from '../package.json' with { type: 'json' };
import { allGroups } from './groups/write-groups.mjs';

export default () => ({ ...manifest.ava, files: allGroups() });
