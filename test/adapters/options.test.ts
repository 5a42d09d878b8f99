// An option that a call does not have is an error: a misspelt one would have no effect, and nothing would say so.

import test from 'ava';
import { compile, karrigell, Problem } from 'karrigell';
import { serveSite } from '../site-fixture.ts';
import { openSite } from './site.ts';

function withUnknown<T extends object>(options: T, name: string): T {
  return Object.assign(options, { [name]: 1 });
}

test('of app.render', async (t) => {
  const { app } = await openSite(t, { 'index.pih': 'home' });
  for (const name of ['method', 'headers', 'sesion']) {
    const error = await t.throwsAsync(app.render('/', withUnknown({}, name)), { instanceOf: Problem });
    t.like(error, { code: 'unknown-option' });
    t.true(error.message.includes(`app.render has no option '${name}'`));
  }
  t.is(await app.render('/', { query: {} }), 'home');
});

test('of karrigell and compile', async (t) => {
  const unknown = karrigell(withUnknown({ root_dir: '.' }, 'prot'));
  await t.throwsAsync(unknown, { code: 'config-unknown-key', message: /"prot".* expected "port"/ });
  t.throws(() => compile('', withUnknown({}, 'name')), { code: 'unknown-option' });
});

for (const [call, says] of [
  ['Session({ readonly: true } as any)', /Session has no option 'readonly', expected 'read_only'/],
  ['Session().set("a", 1, { timout: 5 } as any)', /s\.set has no option 'timout', expected 'timeout'/],
  ['redirect("/", { permanent: true } as any)', /redirect has no option 'permanent'/],
] as const) {
  test(`of ${call}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `<% ${call} %>` });
    t.is((await site.get('/')).status, 500);
    t.like(site.logged[0]?.cause, { code: 'unknown-option' });
    t.regex(Object(site.logged[0]?.cause).text, says);
  });
}
