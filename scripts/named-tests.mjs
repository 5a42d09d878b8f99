// The test files that the arguments of `npm run test:file` and `npm run test:watch` name, and the options for ava.

import { readdirSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));
export const ava = fileURLToPath(new URL('../node_modules/ava/entrypoints/cli.mjs', import.meta.url));

/** Options of ava that take the next argument as their value. */
const WITH_VALUE = [
  '-m',
  '--match',
  '-c',
  '--concurrency',
  '-T',
  '--timeout',
  '--config',
  '--node-arguments',
];

/**
 * @param args names of test files, as typed, and options of ava
 * @returns the compiled files, as paths from the root with their `:lines`, and the options
 * @throws Error if no test file has one of the names
 */
export function namedTests(args) {
  const isOption = (arg, index) => arg.startsWith('-') || WITH_VALUE.includes(args[index - 1]);
  const compiled = readdirSync(new URL('../dist/test/', import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  })
    .map((name) => `dist/test/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.test.js'));
  return {
    files: args.filter((arg, index) => !isOption(arg, index)).flatMap((name) => filesFor(name, compiled)),
    options: args.filter(isOption),
  };
}

/** The compiled files of a source file, with its `:lines` if it has any, or of a part of a path. */
function filesFor(name, compiled) {
  const fromRoot = isAbsolute(name) ? relative(root, name) : name;
  const [, path = '', lines = ''] =
    /^(?:\.\/)?(.*?)((?::[\d,-]+)?)$/.exec(fromRoot.replaceAll('\\', '/')) ?? [];
  const part = path.replace(/\.ts$/, '.js');
  const exact = part.replace(/^test\//, 'dist/test/');
  const found = compiled.includes(exact) ? [exact] : compiled.filter((file) => file.includes(part));
  if (found.length === 0) throw new Error(`no test file has "${name}" in its path`);
  return found.map((file) => file + lines);
}
