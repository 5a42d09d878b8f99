// Breakpoints in pages and modules, set as an editor sets them (README.md, *The page language*).

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import test from 'ava';
import { compileModule } from '../../engine/compiler/compile-module.ts';
import { compilePage } from '../../engine/compiler/index.ts';
import { sourceMapComment } from '../../engine/pages/source-map.ts';
import { attachDebugger } from '../debugger.ts';
import { serveSite } from '../site-fixture.ts';

const PAGE = `<% import { twice } from './_twice.ts';
type Row = { readonly n: number };
const rows: Row[] = [{ n: 1 }, { n: 2 }] %>
<ul>
<% for (const row of rows) { %>
  <li class="<%= row.n %>"><%= twice<number>(row.n) %> <%= await Promise.resolve(row.n).then((n: number) => n + 1) %></li>
<% } %>
</ul>
`;
const MODULE = `// twice
export function twice<T extends number>(value: T): number {
  const result: number = value + value; return result;
}
`;

/** Code of a line before which V8 can stop: a call, a return, an initializer. */
const PLACES = [
  ['index.pih', 6, ['resolve(', 'then(', '+ 1']],
  ['_twice.ts', 3, ['value + value']],
] as const;

test.serial('a breakpoint by the URL and line of a page stops there, and shows its variables', async (t) => {
  const site = await serveSite(t, { 'index.pih': PAGE, '_twice.ts': MODULE }, { debug: true });
  const found = await attachDebugger(t);
  const url = pathToFileURL(join(site.folder, 'index.pih')).href;
  await found.send({ method: 'Debugger.setBreakpointByUrl', params: { url, lineNumber: 4 } });
  const stops = await found.stopsDuring(async () => {
    t.regex(await site.text('/'), /<li class="2">4 3<\/li>/);
  });
  t.deepEqual(
    stops.map((stop) => [stop.frame.location.lineNumber, found.placeOf(stop)]),
    [[4, `${url}:5:22`]],
  );
  t.true(stops[0]?.locals.some(({ name }) => name === 'rows'));
  await found.send({ method: 'Debugger.disable' });
});

test.serial('breakpoints of a line are at positions of the page, and the debugger stops there', async (t) => {
  const site = await serveSite(t, { 'index.pih': PAGE, '_twice.ts': MODULE }, { debug: true });
  await site.text('/');
  const found = await attachDebugger(t);
  for (const [file, line, texts] of PLACES) {
    const url = pathToFileURL(join(site.folder, file)).href;
    const source = file === 'index.pih' ? PAGE : MODULE;
    for (const text of texts) {
      const column = (source.split('\n')[line - 1]?.indexOf(text) ?? -1) + 1;
      const location = found.locationOf(url, line, column);
      const set = await found.send({ method: 'Debugger.setBreakpoint', params: { location } });
      t.like(set, { actualLocation: location }, text);
      const stops = await found.stopsDuring(() => site.text('/'));
      const places = stops.map((stop) => found.placeOf(stop));
      t.is(places.filter((place) => place === `${url}:${line}:${column}`).length, 2, text);
    }
  }
  await found.send({ method: 'Debugger.disable' });
});

test.serial('without debug there is no source map', async (t) => {
  const site = await serveSite(t, { 'index.pih': PAGE, '_twice.ts': MODULE }, { debug: false });
  await site.text('/');
  const found = await attachDebugger(t);
  for (const file of ['index.pih', '_twice.ts']) {
    t.is(found.script(pathToFileURL(join(site.folder, file)).href)?.sourceMapURL, '');
  }
  await found.send({ method: 'Debugger.disable' });
});

for (const [file, source, compiled] of [
  ['/site/a b.pih', PAGE, compilePage(PAGE, { file: 'index.pih' })],
  ['/site/twice.ts', MODULE, compileModule(MODULE, { file: 'twice.ts' })],
] as const) {
  test(`the source map leads every word of ${file} to its own place, and adds no line before the code's end`, (t) => {
    const { code, pieces } = compiled;
    const comment = sourceMapComment(file, code, source, pieces);
    t.true(comment.startsWith('\n//# sourceMappingURL=data:application/json;base64,'));
    const map = new TraceMap(Buffer.from(comment.slice(comment.indexOf(',') + 1), 'base64').toString());
    t.is(map.version, 3);
    t.deepEqual(map.sources, [pathToFileURL(file).href]);
    let words = 0;
    for (const piece of pieces) {
      for (const { index } of source.slice(piece.source, piece.source + piece.length).matchAll(/\w+/g)) {
        const found = originalPositionFor(map, positionAt(code, piece.generated + index));
        const { line, column } = positionAt(source, piece.source + index);
        t.like(found, { line, column });
        words++;
      }
    }
    t.true(words > 10);
  });
}

/** Line from 1, column from 0, as source maps have them. */
function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)?.length ?? 0 };
}
