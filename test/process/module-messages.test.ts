// Messages about modules: a broken module has the same position whenever it is loaded, and a module that visitors may fetch is
// reported.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { folderWith } from '../folder.ts';
import { type Program, program } from './program.ts';

const PRODUCTION = { NODE_ENV: 'production' };
const PAGE = '<% import { price } from "./_price.ts"; %>\n<%= price %>';
const WHOLE = 'export const price = 1;\n';

/** Broken modules, each with the position of its error. */
const BROKEN: Readonly<Record<string, readonly [source: string, place: string]>> = {
  'does not parse': ['export const tax = 2;\nexport const price = tax + ;\n', '2:28'],
  'is not erasable': ['\nexport const price = 1; enum Tax { A }\n', '2:25'],
  'imports a missing file': ['export const price = 1;\n\n  import { tax } from "./_tax.ts";\n', '3:23'],
};

for (const [what, [source, place]] of Object.entries(BROKEN)) {
  const named = new RegExp(`_price\\.ts:${place}\\b`);

  test(`a module that ${what} is reported at the same position at the start, at a reload, at run time and by check`, async (t) => {
    const files = { 'karrigell.config.json': { log: false }, 'site/index.pih': PAGE };
    const broken = { ...files, 'site/_price.ts': source };

    const atStart = await program(t, await folderWith(t, broken), [], PRODUCTION);
    await atStart.printed(named);

    const cwd = await folderWith(t, { ...files, 'site/_price.ts': WHOLE });
    const atReload = await program(t, cwd, [], PRODUCTION);
    await saved(t, atReload, cwd, source);
    await atReload.printed(named);
    t.is(await (await fetch(atReload.url)).text(), '\n1');

    const atRunTime = await program(t, await folderWith(t, broken));
    const answer = await fetch(atRunTime.url);
    t.is(answer.status, 500);
    t.regex(await answer.text(), named);
    await atRunTime.printed(named);

    const checked = await karrigell(['check'], { cwd: await folderWith(t, broken) });
    t.regex(checked.stdout, new RegExp(`site/_price\\.ts\\(${place.replace(':', ',')}\\): error`));
  });
}

/** Saves the module while it is in use. */
async function saved(
  t: ExecutionContext,
  { url, printed }: Program,
  cwd: string,
  source: string,
): Promise<void> {
  await printed(/sessions/);
  t.is(await (await fetch(url)).text(), '\n1');
  await writeFile(join(cwd, 'site/_price.ts'), source);
}

test('a module that a page imports and that anyone may fetch is told by check and in the log, once', async (t) => {
  const cwd = await folderWith(t, {
    'site/index.pih': '<% import { a } from "./open.js"; import b from "./data/open.json"; %><%= a + b.b %>',
    'site/hidden.pih':
      '<% import { a } from "./_hidden.js"; import b from "./_data/hidden.json"; %><%= a + b.b %>',
    'site/open.js': 'export const a = 1;',
    'site/_hidden.js': 'export const a = 1;',
    'site/data/open.json': { b: 2 },
    'site/_data/hidden.json': { b: 2 },
  });
  const checked = await karrigell(['check'], { cwd });
  t.is(checked.code, 0);
  t.deepEqual(checked.stdout.match(/^\S+: warning module-served: the module \S+ is/gm), [
    'site/index.pih(1,22): warning module-served: the module ./open.js is',
    'site/index.pih(1,49): warning module-served: the module ./data/open.json is',
  ]);
  for (const env of [{}, PRODUCTION]) {
    const { url, printed, output } = await program(t, cwd, [], env);
    await printed(/sessions/);
    for (const path of ['/', '/hidden', '/']) t.is(await (await fetch(url + path)).text(), '3');
    t.is((await fetch(`${url}/open.js`)).status, 200);
    const told = output().match(/warning: the module \S+ is imported by a page and is also served/g) ?? [];
    t.deepEqual(told.toSorted(), [
      'warning: the module /data/open.json is imported by a page and is also served',
      'warning: the module /open.js is imported by a page and is also served',
    ]);
  }
});
