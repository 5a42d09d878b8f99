// Of all tests of a process few run at a time, in the order in which they are declared. Without it, ava starts hundreds at once,
// and each waits for all others.

import test from 'ava';
import { Places } from '../../dist/test/places.js';

/** Declares the hooks of this limit; called when all tests are declared. */
export function runFewAtOnce() {
  const places = new Places(4);
  test.beforeEach(() => places.take());
  test.afterEach.always(() => places.leave());
}
