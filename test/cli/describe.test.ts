// karrigell describe: the forms, links, fields and session attributes of every page.

import test from 'ava';
import { folderWith } from '../folder.ts';
import { karrigell } from './karrigell.ts';

const SITE = {
  'site/index.pih':
    '<% const s = Session(); s.count = 1; %>\n<form method="post" action="/send"><input name="email" type="email" required></form>\n<a id="a" href="/send">x</a>',
  'site/send.pih': "<p><%= _email %></p><% if (_email === '') redirect('/'); %>",
  'site/item/[id].pih': '<p><%= PARAMS.id %> <%= Session().get("count") %></p>',
};

test('--json has the form that docs/describe.md documents', async (t) => {
  const cwd = await folderWith(t, SITE);
  const { code, stdout, stderr } = await karrigell(['describe', '--json'], { cwd });
  t.is(stderr, '');
  t.is(code, 0);
  const described: { version: number; pages: { file: string }[] } = JSON.parse(stdout);
  t.is(described.version, 1);
  const page = (file: string) => described.pages.find((each) => each.file === file);
  t.like(page('/index.pih'), {
    url: '/',
    anchors: ['a'],
    changes_on_get: true,
    session: { reads: [], writes: ['count'], open: false },
    forms: [
      {
        methods: ['post'],
        actions: ['/send'],
        pages: ['/send.pih'],
        open: false,
        file: '/index.pih',
        line: 2,
        column: 1,
        fields: [
          { names: ['email'], types: ['email'], required: true, multiple: false, line: 2, column: 43 },
        ],
      },
    ],
    links: [{ element: '<a href>', to: '/send', target: '/send.pih', line: 3, column: 11 }],
  });
  t.like(page('/send.pih'), {
    reads: [{ name: 'email', line: 1, column: 8 }],
    redirects: [{ to: '/', target: '/index.pih' }],
    changes_on_get: false,
  });
  t.like(page('/item/[id].pih'), { url: '/item/[id]', params: ['id'] });
  t.like(described, {
    session_attributes: [
      {
        name: 'count',
        read_in: [{ file: '/item/[id].pih' }],
        written_in: [{ file: '/index.pih', line: 1, type: 'number' }],
      },
    ],
  });
});

test('the text has a paragraph for each page, and one for the session attributes', async (t) => {
  const { stdout } = await karrigell(['describe'], { cwd: await folderWith(t, SITE) });
  t.true(stdout.includes('  form: line 2, post to /send.pih: email (email, required)\n'), stdout);
  t.true(
    stdout.includes('Session attributes\n  count: written in /index.pih:1; read in /item/[id].pih:1\n'),
    stdout,
  );
});
