// Layout and Section: a page that wraps other pages (docs/pages.md, *Layouts and sections*).

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const FRAME = '<main><%= CONTENT %></main>';

async function printedBy(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const site = await serveSite(t, files);
  const text = await site.text('/');
  t.deepEqual(
    site.logged.map(({ cause }) => cause),
    [],
  );
  return text;
}

const PRINTS: readonly (readonly [
  behaviour: string,
  files: Readonly<Record<string, string>>,
  output: string,
])[] = [
  [
    'a layout prints the output of the page, wherever the page names it',
    { 'index.pih': `<b>a</b><% Layout('_l.pih') %>b`, '_l.pih': FRAME },
    '<main><b>a</b>b</main>',
  ],
  [
    'the data is the ARGS of the layout, not of the page',
    {
      'index.pih': `<% Layout('_l.pih', { title: '<T>' }) %>a<%= typeof ARGS %>`,
      '_l.pih': '<h1><%= ARGS.title %></h1><%= CONTENT %>',
    },
    '<h1>&lt;T&gt;</h1>aundefined',
  ],
  [
    'a section is printed by the layout, and not in the page',
    {
      'index.pih': `a<% Layout('_l.pih'); Section('side', () => { %><i><%= '<' %></i><% }) %>b`,
      '_l.pih': `<%= CONTENT %>|<%= SECTION('side') %>`,
    },
    'ab|<i>&lt;</i>',
  ],
  [
    'a section that is not set prints nothing, and can be tested and replaced',
    {
      'index.pih': `<% Layout('_l.pih') %>a`,
      '_l.pih': `<%= CONTENT %>[<%= SECTION('no') %>]<% if (SECTION('no')) { %>never<% } %><%= SECTION('no') ?? 'other' %><%= SECTION('toString') %>`,
    },
    'a[]other',
  ],
  [
    'a section that is empty is set',
    {
      'index.pih': `<% Layout('_l.pih'); Section('side', () => {}) %>a`,
      '_l.pih': `<%= CONTENT %><% if (SECTION('side')) { %>set<% } %>`,
    },
    'aset',
  ],
  [
    'the last call of Layout and of a Section counts',
    {
      'index.pih': `<% Layout('_no.pih'); Layout('_l.pih'); for (const x of [1, 2]) Section('s', () => print(x)) %>`,
      '_l.pih': `<%= CONTENT %><%= SECTION('s') %>`,
      '_no.pih': FRAME,
    },
    '2',
  ],
  [
    'a section inside a section',
    {
      'index.pih': `<% Layout('_l.pih'); Section('a', () => { %>1<% Section('b', () => { %>2<% }) %>3<% }) %>`,
      '_l.pih': `<%= CONTENT %>(<%= SECTION('a') %>)(<%= SECTION('b') %>)`,
    },
    '(13)(2)',
  ],
  [
    'a section whose function prints by other functions and includes',
    {
      'index.pih': `<% const row = () => { %>r<% }; Layout('_l.pih'); Section('s', () => { row(); Include('_p.pih'); print('x') }) %>c`,
      '_l.pih': `<%= CONTENT %><%= SECTION('s') %>`,
      '_p.pih': 'p',
    },
    'crpx',
  ],
  [
    'a section that awaits',
    {
      'index.pih': `a<% Layout('_l.pih'); await Section('s', async () => { %>(<%= await 1 %><% await Include('_p.pih') %>)<% }) %>b`,
      '_l.pih': `<%= CONTENT %><%= SECTION('s') %>`,
      '_p.pih': '<%= await "p" %>',
    },
    'ab(1p)',
  ],
  [
    'a section that fails leaves the page and the section as they were',
    {
      'index.pih': `<% Layout('_l.pih'); Section('s', () => { %>old<% })
          try { Section('s', () => { %>new<% throw 1 }) } catch { print('caught') }
          try { await Section('s', async () => { %>new<% await 1; throw 1 }) } catch { print('twice') } %>.`,
      '_l.pih': `<%= CONTENT %><%= SECTION('s') %>`,
    },
    'caughttwice.old',
  ],
  [
    'CONTENT twice',
    { 'index.pih': `<% Layout('_l.pih') %>a`, '_l.pih': '<%= CONTENT %><%= CONTENT %>' },
    'aa',
  ],
  [
    'CONTENT and SECTION as markup that can be handed on',
    {
      'index.pih': `<% Layout('_l.pih'); Section('s', () => { %><i>s</i><% }) %><b>a</b>`,
      '_l.pih': `<% Include('_p.pih', { body: html\`<p>\${CONTENT}\${SECTION('s')}</p>\` }) %><%= \`\${CONTENT}\` %>`,
      '_p.pih': '<%= ARGS.body %>',
    },
    '<p><b>a</b><i>s</i></p>&lt;b&gt;a&lt;/b&gt;',
  ],
  [
    'a layout that names a layout: it sees the sections of both, the sections of the inner one first',
    {
      'index.pih': `<% Layout('_in.pih'); Section('a', () => print('page a')); Section('b', () => print('page b')) %>x`,
      '_in.pih': `<% Layout('_out.pih'); Section('a', () => print('in', SECTION('a'))) %>(<%= CONTENT %>)`,
      '_out.pih': `[<%= CONTENT %>]<%= SECTION('a') %>,<%= SECTION('b') %>`,
    },
    '[(x)]in page a,page b',
  ],
  [
    'paths are relative to the page that names the layout, with a leading slash to root_dir',
    {
      'index.pih': `<% Include('sub/_p.pih') %>`,
      'sub/_p.pih': `<% Layout('../_l/in.pih') %>x`,
      '_l/in.pih': `<% Layout('/_l/out.pih') %>(<%= CONTENT %>)`,
      '_l/out.pih': '[<%= CONTENT %>]',
    },
    '[(x)]',
  ],
  [
    'an included page has a layout of its own',
    {
      'index.pih': `<% Layout('_l.pih') %>a<% Include('_p.pih') %>b`,
      '_p.pih': `<% Layout('_box.pih') %>p`,
      '_box.pih': '[<%= CONTENT %>]',
      '_l.pih': FRAME,
    },
    '<main>a[p]b</main>',
  ],
  [
    'an included page without a layout sets the sections of the page that includes it',
    {
      'index.pih': `<% Layout('_l.pih'); Include('_p.pih'); Include('_boxed.pih') %>`,
      '_p.pih': `<% Include('_q.pih') %>p`,
      '_q.pih': `<% Section('s', () => print('q')) %>`,
      '_boxed.pih': `<% Layout('_box.pih'); Section('s', () => print('boxed')) %>`,
      '_box.pih': `[<%= CONTENT %><%= SECTION('s') %>]`,
      '_l.pih': `<%= CONTENT %>|<%= SECTION('s') %>`,
    },
    'p[boxed]|q',
  ],
  [
    'an included page that fails has set no section',
    {
      'index.pih': `<% Layout('_l.pih'); try { Include('_p.pih') } catch {} %>`,
      '_p.pih': `<% Section('s', () => print('p')); throw 1 %>`,
      '_l.pih': `<%= CONTENT %>[<%= SECTION('s') %>]`,
    },
    '[]',
  ],
  [
    'a layout that awaits, around a page that does not',
    { 'index.pih': `<% Layout('_l.pih') %>a`, '_l.pih': '[<%= await CONTENT %>]' },
    '[a]',
  ],
  [
    'a layout around a page that awaits',
    { 'index.pih': `<% Layout('_l.pih') %><%= await 'a' %>`, '_l.pih': FRAME },
    '<main>a</main>',
  ],
  [
    'a layout by a computed path, with a module that is not loaded yet',
    {
      'index.pih': `<% const l = '_l.pih'; Layout(l) %>a`,
      '_l.pih': '<% import { sign } from "./_sign.ts" %><%= CONTENT %><%= sign %>',
      '_sign.ts': 'export const sign = await Promise.resolve("!")',
    },
    'a!',
  ],
  [
    'the output before a return',
    { 'index.pih': `<% Layout('_l.pih') %>a<% if (true) return %>b`, '_l.pih': FRAME },
    '<main>a</main>',
  ],
  [
    'names that a page declares itself',
    {
      'index.pih': `<% const Layout = 1, Section = 2, CONTENT = 3, SECTION = 4 %><%= Layout + Section + CONTENT + SECTION %>`,
    },
    '10',
  ],
];

for (const [behaviour, files, output] of PRINTS) {
  test(`a layout: ${behaviour}`, async (t) => t.is(await printedBy(t, files), output));
}

test('a page that redirects never runs its layout, even if it catches the exception of redirect()', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_l.pih'); redirect('/a') %>`,
    'caught.pih': `<% Layout('_l.pih'); try { redirect('/a') } catch {} %>`,
    '_l.pih': '<%= CONTENT %><% throw new Error("never") %>',
  });
  for (const path of ['/', '/caught']) {
    const response = await site.get(path);
    t.is(response.status, 303);
    t.is(response.headers.get('location'), '/a');
  }
  t.deepEqual(site.logged, []);
});

test('a page that throws never runs its layout', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_l.pih'); throw HttpError(404) %>`,
    '_l.pih': '<%= CONTENT %><% REQUEST.headers.set("x", "y"); throw new Error("never") %>',
  });
  t.is((await site.get('/')).status, 404);
});

test('an error of a layout is an error of its page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_l.pih') %>a`,
    '_l.pih': '<%= CONTENT %>\n <% throw new RangeError("broken") %>',
  });
  const response = await site.get('/');
  t.is(response.status, 500);
  const [logged] = site.logged;
  t.true(logged?.cause instanceof RangeError && /_l\.pih:2:11/.test(logged.cause.stack ?? ''));
});

test('the session need of a literal layout is that of the page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_in.pih') %>a`,
    '_in.pih': `<% Layout('_out.pih') %><%= CONTENT %>`,
    '_out.pih': `<% const s = Session(); s.count = s.get('count', 0) + 1 %><%= CONTENT %><%= s.count %>`,
    'plain.pih': 'b',
    'computed.pih': `<% const l = '_out.pih'; Layout(l) %>c`,
  });
  const page = await site.app.pages.load(join(site.folder, 'index.pih'));
  t.is(page.need, 'write');
  t.is((await site.app.pages.load(join(site.folder, 'plain.pih'))).need, 'none');
  const visitor = new Visitor(site.url);
  t.is(await visitor.text('/'), 'a1');
  t.is(await visitor.text('/computed'), 'c2');
});

test('requests of one session run one after the other over their layout too', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': `<% Layout('_l.pih') %>`,
      '_l.pih': `<% const s = Session(); const n = s.get('n', 0); await null; s.n = n + 1 %><%= CONTENT %><%= s.n %>`,
    },
    { persistent_session: true },
  );
  const visitor = new Visitor(site.url);
  await visitor.text('/');
  await Promise.all(Array.from({ length: 9 }, () => visitor.text('/')));
  t.is(await visitor.text('/'), '11');
});

test('a layout that is missing is refused where it is named (layout-missing)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a\n <% Layout('_no.pih') %>`,
    'computed.pih': `\n<% const l = '../../_no.pih'; Layout(l) %>`,
    'undefined.pih': `<% Layout(ARGS?.no) %>`,
  });
  t.like((await site.app.pages.check([join(site.folder, 'index.pih')]))[0], {
    severity: 'error',
    problem: { code: 'layout-missing', line: 2, column: 5 },
  });
  for (const path of ['/computed', '/undefined']) {
    t.is((await site.get(path)).status, 500);
    const cause = site.logged.at(-1)?.cause;
    t.like(cause, { code: 'layout-missing' });
    t.regex(cause instanceof Error ? (cause.stack ?? '') : '', /(?:computed\.pih:2:31|undefined\.pih:1:4)/);
  }
});

test('the error for a layout that is asked for by its own URL says that it is a layout (layout-alone)', async (t) => {
  const site = await serveSite(t, {
    'layout.pih': '<html>\n<%= CONTENT %>',
    'sections.pih': `<%= SECTION('s') %>`,
    'includes.pih': `<% Include('layout.pih') %>`,
  });
  for (const [path, place] of [
    ['/layout', '2:5'],
    ['/includes', '2:5'],
    ['/sections', '1:5'],
  ] as const) {
    t.is((await site.get(path)).status, 500);
    const cause = site.logged.at(-1)?.cause;
    t.like(cause, { code: 'layout-alone' });
    t.true(cause instanceof Error && cause.message.includes(`.pih:${place}:`));
  }
});

test('check warns of a layout that never prints CONTENT (layout-without-content)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_l.pih') %>a`,
    'other.pih': `<% Layout('_l.pih') %>b`,
    '_l.pih': `<%= SECTION('s') %>`,
  });
  const findings = await site.app.pages.check();
  t.is(findings.length, 1);
  t.like(findings[0], {
    severity: 'warning',
    warning: { code: 'layout-without-content', file: join(site.folder, '_l.pih'), line: 1, column: 1 },
  });
});

test('a section without a function is an error (section-callback)', async (t) => {
  const site = await serveSite(t, { 'index.pih': `<% Section('side', 'text') %>` });
  t.is((await site.get('/')).status, 500);
  t.like(site.logged[0]?.cause, { code: 'section-callback' });
});

test('an asynchronous section that is not awaited is an error, whatever it printed where (section-unfinished)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Section('a', async () => { %>x<% await 1 %>y<% }) %>page`,
    'two.pih': `<% const fill = async () => { %>x<% await 1 %>y<% };
      await Promise.all([Section('a', fill), Section('b', fill)]) %>page`,
    'caught.pih': `<% const fill = async () => { %>x<% await 1; throw 1 };
      await Promise.allSettled([Section('a', fill), Section('b', fill)]) %>page`,
  });
  for (const path of ['/', '/two', '/caught']) {
    t.is((await site.get(path)).status, 500);
    t.like(site.logged.at(-1)?.cause, { code: 'section-unfinished' });
  }
});

test('an included page whose layout awaits must be awaited (include-not-awaited)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Include('_p.pih') %>`,
    'awaits.pih': `<% await Include('_p.pih') %>`,
    '_p.pih': `<% Layout('_l.pih') %>p`,
    '_l.pih': '[<%= await CONTENT %>]',
  });
  t.like((await site.app.pages.check())[0], {
    severity: 'error',
    problem: { code: 'include-not-awaited', line: 1, column: 4 },
  });
  t.is(await site.text('/awaits'), '[p]');
});

for (const debug of [true, false]) {
  test(`a layout that is saved, removed or added is live, debug ${debug}`, async (t) => {
    const site = await serveSite(
      t,
      {
        'index.pih': `<% Layout('_in.pih') %>a`,
        '_in.pih': `<% Layout('_out.pih') %><%= CONTENT %>`,
        '_out.pih': FRAME,
      },
      { debug, watch: true },
    );
    // The system may drop a save right after another one. Without debug the file is saved again until the change is
    // seen.
    const becomes = async (name: string, content: string, output: string) => {
      await site.write(name, content);
      while ((await site.text('/')) !== output) {
        if (debug) return t.fail(`${name} is not live`);
        await site.write(name, content);
      }
    };
    t.is(await site.text('/'), '<main>a</main>');
    await becomes('_out.pih', '[<%= CONTENT %>]', '[a]');
    await becomes('_in.pih', '(<%= CONTENT %>)', '(a)');
    await rm(join(site.folder, '_in.pih'));
    if (debug) t.is((await site.get('/')).status, 500);
    await becomes('_in.pih', '{<%= CONTENT %>}', '{a}');
  });
}

test('layouts that name each other without end are an error that names them (include-depth)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_a.pih') %>`,
    '_a.pih': `<% Layout('sub/_b.pih') %><%= CONTENT %>`,
    'sub/_b.pih': `<% Layout('/_a.pih') %><%= CONTENT %>`,
  });
  t.is((await site.get('/')).status, 500);
  t.like(site.logged[0]?.cause, { code: 'include-depth' });
  const cause = site.logged[0]?.cause;
  t.regex(
    cause instanceof Error ? cause.message : '',
    /: (?:_a\.pih → sub\/_b\.pih → _a\.pih|sub\/_b\.pih → _a\.pih → sub\/_b\.pih)$/,
  );
});
