// A folder or file that is replaced by a link while it is opened: the link is not followed out of the site.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { link, mkdir, mkdtemp, realpath, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  openStaticFile,
  type RealPathOf,
  realPathByDescriptor,
  realPathByName,
} from '../../engine/http/static/open-static-file.ts';
import { HiddenFiles, NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { Locator } from '../../engine/pages/locator.ts';
import { program } from '../process/program.ts';

async function swapFolder(t: ExecutionContext): Promise<{ base: string; root: string }> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-swap-')));
  t.teardown(() => rm(base, { recursive: true, force: true }));
  const root = join(base, 'site');
  await mkdir(join(root, 'rd'), { recursive: true });
  await mkdir(join(base, 'out'));
  await writeFile(join(root, 'rd/file.txt'), 'inside');
  await writeFile(join(base, 'out/file.txt'), 'OUTSIDE');
  await writeFile(join(root, 'one.txt'), 'inside');
  return { base, root };
}

/**
 * Swaps two names back and forth in a separate process. Each state lasts up to 0.3 ms, about as long as a call of the file
 * system.
 */
const SWAPPER = `
const { renameSync } = require('node:fs');
const [, a, b, spare] = process.argv;
const stay = () => {
  const end = process.hrtime.bigint() + BigInt(Math.floor(Math.random() * 300_000));
  while (process.hrtime.bigint() < end);
};
process.stdout.write('swapping');
for (;;) {
  renameSync(a, spare); renameSync(b, a); stay();
  renameSync(a, b); renameSync(spare, a); stay();
}`;

function swapping(t: ExecutionContext, a: string, b: string): Promise<unknown> {
  const child = spawn(process.execPath, ['-e', SWAPPER, a, b, `${a}.spare`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => {
    child.kill('SIGKILL');
    return once(child, 'exit');
  });
  return once(child.stdout, 'data');
}

test('a folder and a file that are swapped for links back and forth under load give no outside byte', async (t) => {
  const { base, root } = await swapFolder(t);
  await symlink(join(base, 'out'), join(root, '.rd-link'));
  await symlink(join(base, 'out/file.txt'), join(root, '.one-link'));
  const { url } = await program(t, base, ['site'], { NODE_ENV: 'production', KARRIGELL_WATCH: 'false' });
  await swapping(t, join(root, 'rd'), join(root, '.rd-link'));
  await swapping(t, join(root, 'one.txt'), join(root, '.one-link'));
  const bodies = new Map<string, number>();
  const ask = async (path: string) => {
    const body = await bodyOf(url + path);
    bodies.set(body, (bodies.get(body) ?? 0) + 1);
  };
  for (let round = 0; round < 60; round++)
    await Promise.all(Array.from({ length: 10 }, (_, at) => ask(at % 2 === 0 ? '/rd/file.txt' : '/one.txt')));
  t.deepEqual(
    [...bodies.keys()].filter((body) => body !== 'inside' && body !== '404'),
    [],
  );
  t.true((bodies.get('inside') ?? 0) > 0);
});

/** The response to a file's URL on a new connection: the body of a 200, or else the status. */
function bodyOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, async (response) => {
      let body = '';
      for await (const piece of response.setEncoding('utf8')) body += piece;
      resolve(response.statusCode === 200 ? body : String(response.statusCode));
    }).on('error', reject);
  });
}

const WAYS: Readonly<Record<string, RealPathOf>> = {
  'by the descriptor': realPathByDescriptor,
  'by the name': realPathByName,
};

for (const [how, realPathOf] of Object.entries(WAYS)) {
  const linuxAlone = how === 'by the descriptor' && process.platform !== 'linux' ? test.skip : test;

  linuxAlone(`the file that was opened is judged ${how}, not a later one under its name`, async (t) => {
    const { base, root } = await swapFolder(t);
    const site = new Locator(root, NOTHING_HIDDEN);
    await rename(join(root, 'rd'), join(root, 'kept'));
    await symlink(join(base, 'out'), join(root, 'rd'));
    t.is(openStaticFile(site, join(root, 'rd/file.txt'), realPathOf), undefined);
    // The link is opened, and the folder is back before the check.
    const back: RealPathOf = (descriptor, stats, path) => {
      swapNow(root);
      return realPathOf(descriptor, stats, path);
    };
    const found = openStaticFile(site, join(root, 'rd/file.txt'), back);
    if (found !== undefined) {
      const bytes = Buffer.alloc(20);
      t.is(bytes.toString('utf8', 0, readSync(found.descriptor, bytes)), 'inside');
      closeSync(found.descriptor);
    }
    t.deepEqual(openBelow(base), []);
  });

  linuxAlone(`links inside, hard links and odd names are judged ${how}`, async (t) => {
    const { base, root } = await swapFolder(t);
    const site = new Locator(root, new HiddenFiles([join(root, 'config.json')]));
    await symlink('rd', join(root, 'linked'));
    await link(join(root, 'one.txt'), join(root, 'hard.txt'));
    await unlink(join(root, 'one.txt'));
    await writeFile(join(root, 'odd (deleted)'), 'odd');
    await writeFile(join(root, 'config.json'), 'SECRET');
    await symlink('config.json', join(root, 'public.json'));
    await writeFile(join(root, 'page.pih'), 'source');
    await symlink('page.pih', join(root, 'page.txt'));
    const opens = (name: string) => {
      const file = openStaticFile(site, join(root, name), realPathOf);
      if (file === undefined) return undefined;
      const { size } = fstatSync(file.descriptor);
      closeSync(file.descriptor);
      return [file.url, size];
    };
    t.deepEqual(opens('linked/file.txt'), ['/rd/file.txt', 6]);
    t.deepEqual(opens('hard.txt'), ['/hard.txt', 6]);
    t.deepEqual(opens('odd (deleted)'), ['/odd%20(deleted)', 3]);
    for (const name of ['public.json', 'page.txt', 'page.pih', 'rd', 'one.txt', 'nothing', 'rd/file.txt/x'])
      t.is(opens(name), undefined, name);
    t.deepEqual(openBelow(base), []);
  });
}

const linux = process.platform === 'linux' ? test : test.skip;

linux(
  'a file that is removed once it is open is 404, and a file that is replaced is the new one',
  async (t) => {
    const { root } = await swapFolder(t);
    const site = new Locator(root, NOTHING_HIDDEN);
    const file = join(root, 'rd/file.txt');
    let replaced = 0;
    const replacing: RealPathOf = (descriptor, stats, path) => {
      if (replaced++ === 0) replaceNow(file, 'new text');
      return realPathByDescriptor(descriptor, stats, path);
    };
    const found = openStaticFile(site, file, replacing);
    t.is(found?.stats.size, 8);
    if (found !== undefined) closeSync(found.descriptor);
    const removing: RealPathOf = (descriptor, stats, path) => {
      rmSync(file, { force: true });
      return realPathByDescriptor(descriptor, stats, path);
    };
    t.is(openStaticFile(site, file, removing), undefined);
    t.throws(() => openSync(file, 'r'));
  },
);

/** Removes the link and puts the folder back. */
function swapNow(root: string): void {
  if (!existsSync(join(root, 'kept'))) return;
  unlinkSync(join(root, 'rd'));
  renameSync(join(root, 'kept'), join(root, 'rd'));
}

function replaceNow(file: string, content: string): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

/** The descriptors of this process below a folder. */
function openBelow(base: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`);
      return path.startsWith(base) ? [path] : [];
    } catch {
      return [];
    }
  });
}
