// Any page compiles to valid JavaScript, or is refused with a place in the page.

import assert from 'node:assert/strict';
import vm from 'node:vm';
import { compile, Problem } from '../../../engine/index.ts';
import { isText, target } from '../target.ts';
import { pageSources } from './page-sources.ts';

const FILE = 'fuzz.pih';

export const compileTarget = target<string>({
  name: 'compile',
  inputs: pageSources,
  isInput: isText,
  open: async () => ({
    holds(source) {
      const code = compiled(source);
      if (code !== undefined) vm.compileFunction(code, [], { filename: FILE });
    },
  }),
});

function compiled(source: string): string | undefined {
  try {
    return compile(source, { file: FILE }).code;
  } catch (error) {
    assert.ok(error instanceof Problem, `no Problem: ${error}`);
    const { line = 0, column = 0 } = error;
    const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
    assert.equal(error.file, FILE, error.message);
    assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}: ${error.text}`);
    assert.ok(column >= 1 && column <= source.length + 2, `column ${column}: ${error.text}`);
    return undefined;
  }
}
