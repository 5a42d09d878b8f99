// `karrigell check` of pages with Once: their forms, their calls, and the store of the site.

import test, { type ExecutionContext } from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { folderWith } from '../folder.ts';
import { serveSite } from '../site-fixture.ts';

const ONCE = '\n<% await Once() %>';

/** The findings of a site, as "code file:line:column what". */
async function findings(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string[]> {
  const { app, folder } = await serveSite(t, files);
  return (await app.pages.check()).map((finding) => {
    const { code, file, line, column, text } =
      finding.severity === 'error' ? finding.problem : finding.warning;
    const [, named = ''] = /form in (\S+)/.exec(text) ?? [];
    return `${code} ${file?.slice(folder.length + 1)}:${line}:${column} ${named}`.trim();
  });
}

test('a page with Once that gets a form is right', async (t) => {
  for (const form of [
    { 'form.pih': '<form method="post" action="/order">' },
    { 'form.pih': '<form method="post" action="<%= _where %>">' },
    { 'deep/form.pih': '<form method=post action="../order">' },
    { 'form.pih': "<% Include('_form.pih') %>", '_form.pih': '<form method="post" action="order">' },
    { 'order.pih': `${ONCE}<form method="post">` },
    { 'order.pih': "<% Layout('_frame.pih') %><form method=post>", '_frame.pih': `${ONCE}<%= CONTENT %>` },
  ])
    t.deepEqual(await findings(t, { 'order.pih': ONCE, ...form }), []);
});

test('once-without-form: no form that the engine prints is sent to the page', async (t) => {
  for (const form of [
    {},
    { 'form.pih': '<form action="/order">' },
    { 'form.pih': '<form method="post" action="/other">' },
    { 'form.pih': '<form method="post" action="https://other.example/order">' },
    { 'form.pih': '<%- \'<form method="post" action="/order">\' %>' },
    { 'form.pih': '<%= html`<form method="post" action="/order">` %>' },
  ])
    t.deepEqual(await findings(t, { 'order.pih': ONCE, ...form }), ['once-without-form order.pih:2:10']);
});

test('once-static-form: the form of a static file gets no token', async (t) => {
  const files = {
    'order.pih': ONCE,
    'start.html': '<script>"<form method=post action=x>"</script><form method="post" action="order">',
    'other.html': '<form method="get" action="/order"><form method=post action=/other>',
  };
  t.deepEqual(await findings(t, files), ['once-static-form order.pih:2:10 /start.html']);
  const more = { ...files, 'form.pih': '<form method="post" action="/order">' };
  t.deepEqual(await findings(t, more), ['once-static-form order.pih:2:10 /start.html']);
});

test('once-store: check names a store that keeps no forms', async (t) => {
  const cwd = await folderWith(t, {
    'site/order.pih': `${ONCE}<form method="post">`,
    'karrigell.config.json': {
      root_dir: 'site',
      persistent_session: { store: 'cookie', secrets: ['a secret of at least thirty-two characters'] },
    },
  });
  const { code, stdout } = await karrigell(['check'], { cwd });
  t.regex(stdout, /^site\/order\.pih\(2,10\): error once-store: .*cookies have no lock/);
  t.is(code, 1);
});
