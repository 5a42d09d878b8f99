// The locator over random trees and random URLs, compared with a model that lists every URL pattern of every file and
// picks the best one.

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { isHiddenName } from '../../engine/pages/hidden-names.ts';
import { Locator } from '../../engine/pages/locator.ts';
import { routeProblems } from '../../engine/pages/route-check.ts';

/** The located file as text: `page a/[id].pih {"id":"7"}`. */
type Answer = string;

interface Match {
  /** Comparison for sorting, part by part: the better match first. */
  readonly rank: readonly number[];
  readonly answer: Answer;
}

const NAME = /^(.*)\[(\.{3})?(\w+)\](.*)$/;

/** Every match of a file with the decoded parts of a path. */
function matchesOf(file: string, parts: readonly string[], slash: boolean): Match[] {
  const folders = file.split('/').slice(0, -1);
  const name = file.slice(file.lastIndexOf('/') + 1);
  if ([...folders, name].some((each) => isHiddenName(each, false))) return [];
  const isPage = name.endsWith('.pih');
  const params: Record<string, string> = {};
  const rank: number[] = [];
  for (const [index, folder] of folders.entries()) {
    const part = parts[index];
    const step = part === undefined ? undefined : partRank(folder, part, params);
    if (step === undefined) return [];
    rank.push(step + 1);
  }
  const left = parts.slice(folders.length);
  const kind = isPage ? `page ${file} ${JSON.stringify(params)}` : `static ${file}`;
  const last = left[0];
  if (left.length === 0) {
    const index = name === 'index.pih' ? 0 : name === 'index.html' ? 1 : undefined;
    if (index !== undefined)
      return [{ rank: [...rank, index], answer: slash || folders.length === 0 ? kind : 'redirect' }];
  }
  const stem = isPage ? name.slice(0, -4) : name;
  const bracket = isPage ? NAME.exec(stem) : null;
  if (bracket?.[2] !== undefined) {
    params[bracket[3] ?? ''] = left.join('/');
    return [{ rank: [...rank, 1e9], answer: `page ${file} ${JSON.stringify(params)}` }];
  }
  if (left.length !== 1 || slash || last === undefined) return [];
  if (bracket !== null) {
    const step = partRank(stem, last, params);
    return step === undefined
      ? []
      : [{ rank: [...rank, step], answer: `page ${file} ${JSON.stringify(params)}` }];
  }
  if (last === name) return [{ rank: [...rank, 0], answer: kind }];
  if (last.endsWith('.pih')) return [];
  if (isPage && last === stem) return [{ rank: [...rank, 0.1], answer: kind }];
  return `${last}.html` === name ? [{ rank: [...rank, 0.2], answer: kind }] : [];
}

/** 0 for a literal name, more for a name with less literal text; undefined for a name that does not match. */
function partRank(name: string, part: string, params: Record<string, string>): number | undefined {
  const match = NAME.exec(name);
  if (match === null) return name === part ? 0 : undefined;
  const [, before = '', , param = '', behind = ''] = match;
  const literal = before.length + behind.length;
  if (part.length <= literal || !part.startsWith(before) || !part.endsWith(behind)) return undefined;
  params[param] = part.slice(before.length, part.length - behind.length);
  return 1000 - literal * 10 - (before.length > 0 ? 3 : 0);
}

function byRank(a: Match, b: Match): number {
  for (let index = 0; index < Math.max(a.rank.length, b.rank.length); index++) {
    const difference = (a.rank[index] ?? -1) - (b.rank[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function modelAnswer(files: readonly string[], path: string): Answer {
  const raw = path.slice(1).split('/');
  const slash = raw.at(-1) === '';
  if (slash) raw.pop();
  let parts: string[];
  try {
    parts = raw.map(decodeURIComponent);
  } catch {
    return 'none';
  }
  if (parts.some((part) => ['', '.', '..'].includes(part) || /[/\\\0]/.test(part))) return 'none';
  const matches = files.flatMap((file) => matchesOf(file, parts, slash)).sort(byRank);
  return matches[0]?.answer ?? 'none';
}

const FOLDER_NAMES = ['a', 'b', '[x]', 'v[y]', '_h', '.d', 'node_modules', 'c~'];
const FILE_NAMES = [
  ...['index.pih', 'index.html', 'a.pih', 'a.html', 'a', 'b.txt', 'b.txt.pih', '[id].pih', 'p-[n].pih'],
  ...['[s].txt.pih', 'p-[n].txt.pih', '[...r].pih', '[z].txt', '_s.pih', 's.ts', 's.ts.pih', 'c~', 'x.bak'],
];
const PARTS = [
  ...['a', 'b', 'v1', 'v', 'p-1', 'p-', 'p-1.txt', 'b.txt', 'a.pih', 'a.html', 'index', 'index.pih', 's.ts'],
  ...['[id]', '[id].pih', '[z].txt', '_h', '_s', '.d', 'node_modules', 'c~', 'x.bak', 'A', '.', '..', 'é'],
  ...['a/b', 'a\\b', 'a\0', 'x:y', 'end.', '', '%', ' '],
];

const tree = fc
  .uniqueArray(
    fc.tuple(fc.array(fc.constantFrom(...FOLDER_NAMES), { maxLength: 2 }), fc.constantFrom(...FILE_NAMES)),
    { minLength: 1, maxLength: 14, selector: ([folders, file]) => [...folders, file].join('/') },
  )
  .map((found) => found.map(([folders, file]) => [...folders, file].join('/')));

const url = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(...PARTS) },
          { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
        ),
        fc.constantFrom('percent', 'lower', 'raw', 'all'),
      ),
      { maxLength: 4 },
    ),
    fc.boolean(),
  )
  .map(([parts, slash]) => `/${parts.map(([part, way]) => encoded(part, way)).join('/')}${slash ? '/' : ''}`);

/** The URLs of the folders of a tree. They are listed because random URLs seldom hit one; a folder with an index redirects. */
function foldersOf(files: readonly string[]): string[] {
  const folders = files.filter((file) => file.includes('/')).map((file) => `/${dirname(file)}`);
  return [...new Set(folders)].map(encodeURI);
}

function encoded(part: string, way: string): string {
  const percent = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`;
  if (way === 'raw') return part.replace(/[^\w.~:[\]-]/gu, (each) => encoded(each, 'all'));
  if (way === 'all') return [...Buffer.from(part)].map(percent).join('');
  const text = [...Buffer.from(part)].map((byte) => {
    const letter = String.fromCharCode(byte);
    return /[\w.-]/.test(letter) ? letter : percent(byte);
  });
  return way === 'lower' ? text.join('') : text.join('').toUpperCase() === part ? part : text.join('');
}

test('random URLs over random trees lead to the file of the model', async (t) => {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-locate-')));
  t.teardown(() => rm(base, { recursive: true, force: true }));
  let count = 0;
  const leads = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(tree, fc.array(url, { minLength: 40, maxLength: 40 }), async (files, urls) => {
      const root = join(base, `site${count++}`);
      const written = files.filter((file) => !files.some((other) => other.startsWith(`${file}/`)));
      for (const file of written) {
        await mkdir(dirname(join(root, file)), { recursive: true });
        await writeFile(join(root, file), '');
      }
      const pages = written.filter((file) => file.endsWith('.pih')).map((name) => ({ file: name, name }));
      if (routeProblems(pages).length > 0) return;
      const locator = new Locator(root, NOTHING_HIDDEN);
      for (const path of [...urls, ...foldersOf(written)]) {
        const found = locator.locate(path);
        const file = 'file' in found ? found.file.slice(root.length + 1) : '';
        const params = found.kind === 'page' ? ` ${JSON.stringify(found.params)}` : '';
        const answer = file === '' ? found.kind : `${found.kind} ${file}${params}`;
        leads.set(found.kind, (leads.get(found.kind) ?? 0) + 1);
        t.is(answer, modelAnswer(written, path), `${JSON.stringify(path)} in ${written.join(' ')}`);
      }
    }),
    { numRuns: 150 },
  );
  for (const kind of ['page', 'static', 'redirect', 'none']) t.true((leads.get(kind) ?? 0) > 5, kind);
});
