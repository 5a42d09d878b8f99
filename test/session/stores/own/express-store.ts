// A site's own module of the tests that gives a store written for express-session, made by itself.

import type { OpenOwnStore } from '../../../../engine/index.ts';

const open: OpenOwnStore = () => {
  const kept = new Map<string, object>();
  return {
    get: (id, done) => done(null, kept.get(id)),
    set(id, session, done) {
      kept.set(id, session);
      done();
    },
    destroy(id, done) {
      kept.delete(id);
      done();
    },
  };
};

export default open;
