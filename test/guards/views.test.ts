// Guards of views of Express (docs/guards.md): the guards of the folders of views run before a view.

import test from 'ava';
import { HttpError } from 'karrigell';
import { visit, withViews } from '../adapters/express-app.ts';

const VIEWS = {
  '_before.pih': '<% LOCALS.shop = "Tea & Co"; %>',
  'page.pih': '<p><%= LOCALS.shop %></p>',
  'members/_before.pih':
    '<% type Locals = { user: string }; if (LOCALS.shop !== "open") throw new HttpError(403); LOCALS.user = "Ann"; %>',
  'members/page.pih': '<p><%= LOCALS.user %> of <%= LOCALS.shop %>, <%= ARGS.title %></p>',
  'moved/_before.pih': '<% redirect("/elsewhere"); %>',
  'moved/page.pih': 'never',
};

test('a view runs after the guards of its folders, which have LOCALS', async (t) => {
  const { render } = await withViews(t, VIEWS);
  t.is(await render('page'), '<p>Tea &amp; Co</p>');
});

test('a guard that refuses is the error of the view, and the view does not run', async (t) => {
  const { render } = await withViews(t, VIEWS);
  const refused = await t.throwsAsync(render('members/page', { title: 'x' }));
  t.true(refused instanceof HttpError);
  await t.throwsAsync(render('moved/page'), { code: 'view-redirect' });
});

test('the local before: false leaves the guards out, and is no local of the view', async (t) => {
  const { render } = await withViews(t, {
    ...VIEWS,
    'members/page.pih': '<p><%= LOCALS.user %>|<%= ARGS.title %>|<%= "before" in ARGS %></p>',
  });
  t.is(await render('members/page', { title: 'x', before: false }), '<p>|x|false</p>');
});

test('behind a program, a refused view is answered with the status of the guard', async (t) => {
  const { program } = await withViews(t, VIEWS);
  program.get('/', (_, response) => response.render('members/page', { title: 'x' }));
  const response = await (await visit(t, program)).get('/');
  t.is(response.status, 403);
  t.false((await response.text()).includes('Ann'));
});
