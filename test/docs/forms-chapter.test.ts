// The pages of docs/forms.md, written into a folder and used as a site: each promise of the text is seen.

import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { folderWith } from '../folder.ts';
import { visitorWithPackages } from '../forms/visitor-with-packages.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The pages by their names below `site/`. */
async function pages(t: ExecutionContext): Promise<Record<string, string>> {
  const text = await readFile(join(REPOSITORY, 'docs/forms.md'), 'utf8');
  const shown = [...text.matchAll(/^`site\/([^`\n]+)`:\n\n```html\n([\s\S]*?)```$/gm)];
  t.is(shown.length, 8);
  return Object.fromEntries(shown.map(([, name = '', page = '']) => [name, page]));
}

test('the pages have no errors and no warnings, types included', async (t) => {
  const files = Object.entries(await pages(t)).map(([name, page]) => [`site/${name}`, page]);
  const cwd = await folderWith(t, { ...Object.fromEntries(files), 'package.json': { type: 'module' } });
  await symlink(join(REPOSITORY, 'node_modules'), join(cwd, 'node_modules'), 'junction');
  const { stdout, stderr } = await karrigell(['check'], { cwd });
  t.regex(stdout, /types by TypeScript .*: 0 errors, 0 warnings\n$/, stdout + stderr);
});

test('a form is shown again with its typed values and its errors, and is accepted when they are right', async (t) => {
  const v = await visitorWithPackages(t, await pages(t));
  await v.open('/order?lang=de');
  t.is(v.find('[aria-invalid]'), undefined);
  t.like(v.find('#copies')?.attributes, { type: 'number', min: '1', max: '20', required: '' });
  await v.submit('form', { email: 'nobody', copies: '0', 'topics[]': ['sport'], note: 'soon' });
  t.is(v.find('#email-error')?.text, 'Please give an address');
  t.is(v.find('#copies-error')?.text, 'At least one');
  t.is(v.find('#email')?.value, 'nobody');
  t.is(v.find('#note')?.value, 'soon');
  t.deepEqual(
    v.findAll('[name="topics[]"]').map(({ checked }) => checked),
    [false, true],
  );
  await v.submit('form', { email: 'a@b.de', copies: 2 });
  t.is(v.text, 'Thank you: 2 to a@b.de, 1 topics');
});

test('a form of a record shows the record until it is sent', async (t) => {
  const v = await visitorWithPackages(t, await pages(t));
  await v.open('/profile');
  t.is(v.find('[name=name]')?.value, '');
  await v.submit('form', { name: 'Jean', news: true });
  t.is(v.find('[name=name]')?.value, 'Jean');
  t.true(v.find('[name=news]')?.checked);
  await v.submit('form', { name: 'J', news: false });
  t.is(v.find('[name=name]')?.value, 'J');
  t.false(v.find('[name=news]')?.checked);
  t.is(v.find('#name-error')?.text, 'Too short');
});

test('behind a redirect the form is there once', async (t) => {
  const v = await visitorWithPackages(t, await pages(t));
  await v.open('/feedback');
  await v.submit('form', { text: 'short' });
  t.is(v.find('#text')?.value, 'short');
  t.is(v.find('#text-error')?.text, 'A little more, please');
  await v.open('/feedback');
  t.is(v.find('#text')?.value, '');
});

test('a text that was sent without a login is there after it', async (t) => {
  const pagesOfText = await pages(t);
  // The page of the form as it was opened before the session ended.
  const opened = `<form method="post" action="/article"><textarea name="text"></textarea><button>Publish</button></form>`;
  const v = await visitorWithPackages(t, { ...pagesOfText, 'opened.pih': opened });
  await v.open('/opened');
  await v.submit('form', { text: 'A long text' });
  t.regex(v.url, /\/login\?next=\/article$/);
  await v.submit('form', { user: 'Jean' });
  t.regex(v.url, /\/article$/);
  t.true(v.text.includes('Your text is still here.'));
  t.is(v.find('#text')?.value, 'A long text');
  await v.submit('form');
  t.true(v.text.startsWith('A long text'));
});

test('of two forms only the one that was sent is judged', async (t) => {
  const v = await visitorWithPackages(t, await pages(t));
  await v.open('/account');
  await v.submit('button[value=email]', { email: 'nobody' });
  t.is(v.find('#email-email-error')?.text, 'No address');
  t.is(v.find('#name-name-error')?.text, '');
  await v.submit('form', { name: 'Jean' });
  t.regex(v.url, /\/thanks$/);
});
