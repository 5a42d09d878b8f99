// Every error that a page causes is reported at the page's own line and column: by the error page, the log in both
// forms, error.stack and the response to curl. None of them names files of the engine.

import test from 'ava';
import { compileCodes } from '../../engine/diagnostics/codes/compile-codes.ts';
import { escapingCodes } from '../../engine/diagnostics/codes/escaping-codes.ts';
import { flowCodes } from '../../engine/diagnostics/codes/flow-codes.ts';
import { httpCodes } from '../../engine/diagnostics/codes/http-codes.ts';
import { onceCodes } from '../../engine/diagnostics/codes/once-codes.ts';
import { pagesCodes } from '../../engine/diagnostics/codes/pages-codes.ts';
import { sessionCodes } from '../../engine/diagnostics/codes/session-codes.ts';
import { siteCodes } from '../../engine/diagnostics/codes/site-codes.ts';
import { serveSite } from '../site-fixture.ts';
import { COMPILED } from './error-places/compile-rows.ts';
import { assertTold, type Files, marked, toldOf } from './error-places/place.ts';
import { FAILING } from './error-places/run-time-rows.ts';
import { UNPLACED } from './error-places/unplaced.ts';
import { variantsOf } from './error-places/variants.ts';

for (const code of FAILING) {
  const shown = `${code.before ?? ''} ${code.expression ?? code.statement}`.trim();
  test(`${code.code} is told at its place: ${shown}`, async (t) => {
    const rows = variantsOf(code).map(({ name, files }, index) => ({ name, index, ...marked(files) }));
    const all = rows.flatMap(({ files, index }) => inFolder(files, index));
    const site = await serveSite(t, Object.fromEntries(all), { ...code.config, debug: true });
    for (const { name, index, place } of rows) {
      const told = await toldOf(site, `/${index}/`);
      assertTold(t, told, `${index}/${place}`, `${code.code}, ${name}`);
      t.is(told.stack[0], `${index}/${place}`, `${code.code}, ${name}: error.stack`);
    }
  });
}

function inFolder(files: Files, index: number): [string, string][] {
  return Object.entries(files).map(([file, text]) => [`${index}/${file}`, text]);
}

for (const [code, page, others = {}] of COMPILED) {
  test(`${code} is told at its place: ${[page, ...Object.values(others)].join(' + ')}`, async (t) => {
    const { files, place } = marked({ 'index.pih': page, ...others });
    const site = await serveSite(t, files, { debug: true });
    assertTold(t, await toldOf(site, '/'), place, code);
  });
}

test('every error code that a page can cause has a position that is tried', (t) => {
  const tables = [
    compileCodes,
    escapingCodes,
    flowCodes,
    pagesCodes,
    sessionCodes,
    siteCodes,
    httpCodes,
    onceCodes,
  ];
  const tried = new Set<string>([...FAILING.map(({ code }) => code), ...COMPILED.map(([code]) => code)]);
  // An error with a class of its own is named by the class, not by its code.
  if (tried.has('SessionAttributeError')) tried.add('session-attribute-missing');
  const codes = tables.flatMap((table) => Object.keys(table));
  t.deepEqual(
    codes.filter((code) => !tried.has(code) && !UNPLACED.has(code)),
    [],
  );
  t.deepEqual(
    [...UNPLACED].filter((code) => tried.has(code) || !codes.includes(code)),
    [],
    'no reason is given for a code that has a row, or that there is not',
  );
});
