// Any text as a configuration file is a configuration, or a Problem that names the file.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { defaultConfig, loadConfig } from '../../../config/load-config.ts';
import { Problem } from '../../../engine/index.ts';
import { isText, target } from '../target.ts';

const keys = fc.constantFrom(...Object.keys(defaultConfig('.')), '__proto__', 'rot_dir', '');
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>('auto', '10.0.0.0/99', ['10.0.0.0/8'], ['::/129'], '1mb', '-1mb', -1, {
    cookie: { name: 'a b' },
  }),
);
const settings = fc.dictionary(keys, values, { maxKeys: 4 }).map((object) => JSON.stringify(object, null, 2));
const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\n',
  '//',
  '/*',
  '\\u',
  '\ufeff',
  '\0',
  '1e999',
  'null',
  '\ud800',
);

/** A text with a few pieces put in, or characters taken out, at places told in thousandths. */
const edited = fc
  .tuple(settings, fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 3 }), pieces), { maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce((whole, [place, taken, put]) => {
      const at = Math.floor((whole.length * place) / 1000);
      return whole.slice(0, at) + put + whole.slice(at + taken);
    }, text),
  );

export const configTarget = target<string>({
  name: 'config',
  inputs: fc.oneof(settings, edited),
  isInput: isText,
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'karrigell-fuzz-'));
    const file = join(folder, 'karrigell.config.json');
    const holds = async (text: string): Promise<void> => {
      await writeFile(file, text);
      try {
        loadConfig({ file, cwd: folder, env: {} });
      } catch (error) {
        assert.ok(error instanceof Problem, `no Problem: ${error}`);
        assert.equal(error.file, file, error.message);
      }
    };
    return { holds, close: () => rm(folder, { recursive: true }) };
  },
});
