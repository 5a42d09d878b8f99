// The files that ava runs. Tests of a folder that start no program are one file, because to start a process of ava with the engine costs more than
// the tests of most files. So no two tests of a folder have one title.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'acorn';
import { testFiles } from './test-files.mjs';

const TESTS = 'dist/test';
const GROUPS = 'dist/groups';

/** The unit tests, the folder with the most files first. */
export function unitGroups() {
  emptyGroups();
  return writeFolders(testFiles().unit);
}

/** All tests. */
export function allGroups() {
  emptyGroups();
  const { unit, served, others } = testFiles();
  return [...writeFolders([...unit, ...served]), ...others.map((name) => writeGroup([name]))];
}

function emptyGroups() {
  rmSync(GROUPS, { recursive: true, force: true });
  mkdirSync(GROUPS, { recursive: true });
}

function writeFolders(names) {
  const folders = new Map();
  for (const name of names) folders.set(dirname(name), [...(folders.get(dirname(name)) ?? []), name]);
  return [...folders.values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((members) => {
      const together = members.filter((each) => !awaits(each));
      const alone = members.filter((each) => !together.includes(each));
      return [...(together.length > 0 ? [together] : []), ...alone.map((name) => [name])].map(writeGroup);
    });
}

/** Writes one file of ava; gives its path from the root. */
function writeGroup(members) {
  const [first] = members;
  const name = (members.length === 1 ? first.replace(/\.test\.js$/, '') : dirname(first)).replaceAll(
    '/',
    '-',
  );
  const file = `${GROUPS}/${name === '.' ? 'root' : name}.test.js`;
  const imports = members.map((each) => `import '../test/${each}';\n`).join('');
  writeFileSync(
    file,
    `import { runFewAtOnce } from '../../test/groups/few-at-once.mjs';\n${imports}runFewAtOnce();\n`,
  );
  return file;
}

/** Whether the top level of a module awaits. ava starts tests that are declared before, so such a file has no group. */
function awaits(name) {
  const code = readFileSync(`${TESTS}/${name}`, 'utf8');
  if (!/^\S.*\bawait\b/m.test(code)) return false;
  try {
    parse(code, {
      ecmaVersion: 'latest',
      allowImportExportEverywhere: true,
      allowAwaitOutsideFunction: false,
    });
    return false;
  } catch {
    return true;
  }
}
