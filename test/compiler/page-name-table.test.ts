// The table of page names is complete: each row works in a compiled page, in a typed module and in an editor, and
// README explains it. README explains no other name.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { typePage } from '../../engine/compiler/4-emit/typed-module.ts';
import { editedPage } from '../../engine/compiler/edited-page.ts';
import { compilePage } from '../../engine/compiler/index.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES, type PageName } from '../../engine/compiler/page-name-table.ts';
import type * as declarations from '../../engine/runtime/page-name-types.ts';

const readme = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');
const NO_GUARDS = () => ({ always: [], sometimes: [] });
const SITE = { names: '/names.js', params: [], isGuard: false, guards: NO_GUARDS, moduleOf: () => undefined };

for (const name of PAGE_NAMES) {
  test(`${name} is bound where a page uses it, and only there`, (t) => {
    const binding = new RegExp(`const ${name}=|page\\([^)]*\\b${name}\\b`);
    t.regex(compilePage(`<% typeof ${name}; %>`, { file: 'page.pih' }).code, binding);
    t.notRegex(compilePage('<% typeof x; %>', { file: 'page.pih' }).code, binding);
  });

  test(`${name} has its type in a typed module`, (t) => {
    const { code } = typePage(`<% ${name}; %>`, 'page.pih', SITE);
    t.regex(code, new RegExp(`\\n(?:import \\{ ${name} \\} from|declare const ${name}: )`));
  });

  test(`${name} stands in README with an explanation`, (t) => {
    t.regex(readme, new RegExp(`^\\| .*\`[^\`|]*\\b${name}\\b`, 'm'));
  });
}

test('an editor offers every name with its text', (t) => {
  const { code } = editedPage('<p>', 'page.pih', SITE);
  for (const name of PAGE_NAMES) {
    const { text } = PAGE_NAME_TABLE[name];
    t.regex(text, /^\S.*\.$/, name);
    t.false(text.includes('*/'), name);
    if (name !== 'escape') t.true(code.includes(`/** ${text} */ var ${name}: `), name);
  }
});

test('README explains no other name', (t) => {
  const [, table = ''] = /### Names of a page\n([\s\S]*?)\n\n[^|]/.exec(readme) ?? [];
  const names = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(?:await )?([A-Za-z][A-Za-z_]*)/g)].map(([, name]) => name),
  );
  t.true(names.length > 10);
  t.deepEqual(
    names.filter((name) => !PAGE_NAMES.some((known) => known === name)),
    [],
  );
});

test('the names with declared types are the names of the table', (t) => {
  // Typed modules themselves call `output`, `deletable` and `schemaFields`. TypeScript refuses a name that is missing on either side.
  const areListed: Unlisted extends never ? true : false = true;
  t.true(areListed);
});

type Unlisted = [
  Exclude<keyof typeof declarations, PageName | 'output' | 'deletable' | 'schemaFields'>,
] extends [never]
  ? never
  : 1;
