// A site's own module of the tests that gives the store which its options hold.

import type { OpenOwnStore } from '../../../../engine/index.ts';

const open: OpenOwnStore = ({ given }) => given as ReturnType<OpenOwnStore>;

export default open;
