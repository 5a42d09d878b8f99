// Contexts are interned: contexts that differ in one fact are different objects, whatever names a page has.

import test from 'ava';
import { withValue } from './rendered.ts';

test('a NUL in a name does not make it the context of other names', (t) => {
  t.is(withValue('<script a\0b="V"></script>', '<b>'), '<script a\0b="&lt;b&gt;"></script>');
  t.is(withValue('<script\0a b="V">V</script\0a>', '<b>'), '<script\0a b="&lt;b&gt;">&lt;b&gt;</script\0a>');
});
