// A site's own store of the tests that takes turns by itself: the engine's store of JSON files.

import type { OpenOwnStore } from '../../../../engine/index.ts';
import { openJsonStore } from '../../../../engine/session/stores/json/open.ts';

const open: OpenOwnStore = async ({ dir }, environment) => {
  const { store } = await openJsonStore({ store: 'json', dir }, environment);
  return store;
};

export default open;
