// Views for requests that have passed a site's handler: they have the names of its pages, and its sessions.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Express, Handler } from 'express';
import express from 'express';
import type { KarrigellOptions } from 'karrigell';
import { folderWith } from '../folder.ts';
import type { Visitor } from '../visitor.ts';
import { visit, withViews } from './express-app.ts';
import { openSite } from './site.ts';

/** A program whose site has a page `/count`, with views behind it. */
async function behindSite(
  t: ExecutionContext,
  views: Readonly<Record<string, string>>,
  routes: (program: Express) => void,
  options: KarrigellOptions = {},
): Promise<Visitor> {
  const { app } = await openSite(
    t,
    {
      'count.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>',
      'show.pih': '<%- JSON.stringify({ ...Session() }) %>',
    },
    options,
  );
  const { program } = await withViews(t, views);
  program.use(app.handler);
  routes(program);
  return visit(t, program);
}

/** Every view under its own path. */
const everyView =
  (...names: readonly string[]) =>
  (program: Express): void => {
    for (const name of names) {
      program.get(`/v/${name}`, (_, response) => response.render(name));
      program.post(`/v/${name}`, (_, response) => response.render(name));
    }
  };

test('a view and the pages of the site share the visitor and the session', async (t) => {
  for (const persistent_session of [false, true]) {
    const visitor = await behindSite(
      t,
      { 'count.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %>view <%= s.n %>' },
      everyView('count'),
      { persistent_session },
    );
    const first = await visitor.get('/v/count');
    t.is(await first.text(), 'view 1');
    t.is(first.headers.getSetCookie().length, 1);
    t.regex(first.headers.getSetCookie()[0] ?? '', /^sessionId=.*HttpOnly/);
    t.is(first.headers.get('cache-control'), 'private, no-store');
    t.is(first.headers.get('vary'), 'Cookie');
    t.is(await visitor.text('/count'), '2');
    const third = await visitor.get('/v/count');
    t.is(await third.text(), 'view 3');
    t.deepEqual(third.headers.getSetCookie(), []);
  }
});

test('requests at once lose no change, in views as in pages', async (t) => {
  for (const persistent_session of [false, true]) {
    const visitor = await behindSite(
      t,
      {
        'count.pih':
          '<% const s = Session(); const n = s.get("n", 0); await new Promise((go) => setImmediate(go)); s.n = n + 1 %>',
      },
      everyView('count'),
      { persistent_session },
    );
    await visitor.get('/count');
    const paths = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? '/v/count' : '/count'));
    await Promise.all(paths.map((path) => visitor.get(path)));
    t.is(await visitor.text('/show'), '{"n":41}');
  }
});

test('the session is written before the program sends the text', async (t) => {
  const order: unknown[] = [];
  const { app, folder } = await openSite(t, {}, { persistent_session: true });
  const { program } = await withViews(t, { 'page.pih': '<% Session().name = "Jean" %>text' });
  program.use(app.handler);
  program.get('/', (_, response) =>
    response.render('page', {}, async (_error, html) => {
      const sessions = join(folder, '.karrigell/sessions');
      for (const name of await readdir(sessions, { recursive: true }))
        if (name.endsWith('.json')) order.push(await readFile(join(sessions, name), 'utf8'));
      response.send(html);
    }),
  );
  t.is(await (await visit(t, program)).text('/'), 'text');
  t.is(order.length, 1);
  t.regex(String(order[0]), /Jean/);
});

test('several views of one response have one session, also that of a new visitor', async (t) => {
  const visitor = await behindSite(
    t,
    {
      'one.pih': '<% Session().a = 1 %>',
      'two.pih': '<% Session().b = 2 %>',
      'three.pih': '<% const s = Session(); s.regenerate(); s.c = 3 %>',
    },
    (program) => {
      program.get('/all', (_, response) =>
        response.render('one', {}, () => response.render('two', {}, () => response.render('three'))),
      );
    },
  );
  await visitor.get('/all');
  t.is(await visitor.text('/show'), '{"a":1,"b":2,"c":3}');
});

test('a session that a view closes is closed, and its cookie goes', async (t) => {
  const visitor = await behindSite(t, { 'out.pih': '<% Session().close() %>bye' }, everyView('out'));
  await visitor.get('/count');
  t.is(visitor.cookies.size, 1);
  await visitor.get('/v/out');
  t.is(visitor.cookies.size, 0);
  t.is(await visitor.text('/count'), '1');
});

test('a view without Session() touches neither cookie nor caching', async (t) => {
  const visitor = await behindSite(t, { 'page.pih': 'x' }, everyView('page'));
  const { headers } = await visitor.get('/v/page');
  t.deepEqual([headers.getSetCookie(), headers.get('cache-control'), headers.get('vary')], [[], null, null]);
});

test('cache headers of the program stay, and Vary gets the cookie beside them', async (t) => {
  const visitor = await behindSite(t, { 'page.pih': '<%= Session().is_new %>' }, (program) => {
    program.get('/own', (_, response) => {
      response.setHeader('Cache-Control', 'no-cache');
      response.setHeader('Vary', 'Accept-Encoding');
      response.appendHeader('Set-Cookie', 'other=1');
      response.render('page');
    });
  });
  const { headers } = await visitor.get('/own');
  t.is(headers.get('cache-control'), 'no-cache');
  t.is(headers.get('vary'), 'Accept-Encoding, Cookie');
  t.is(headers.getSetCookie().length, 2);
});

test('a change that came before the error of a view is kept, with its cookie', async (t) => {
  const visitor = await behindSite(
    t,
    { 'fails.pih': '<% Session().seen = 1; throw new Error("no") %>' },
    everyView('fails'),
  );
  t.is((await visitor.get('/v/fails')).status, 500);
  t.is(await visitor.text('/show'), '{"seen":1}');
});

test('fields come from the query and from the form, whether Express or the site has read it', async (t) => {
  const views = {
    'form.pih':
      '<%= _q %> <%= _email %> <%= QUERY["color[]"].join() %> <%= REQUEST.method %> <%= REQUEST.path %>',
  };
  const body = new URLSearchParams([
    ['email', 'a@b.c'],
    ['color[]', 'red'],
    ['color[]', 'blue'],
  ]);
  const parsers = [undefined, express.urlencoded({ extended: false })];
  for (const parser of parsers) {
    const visitor = await behindSite(t, views, (program) => {
      if (parser !== undefined) program.use(parser);
      everyView('form')(program);
    });
    t.is(
      await visitor.text('/v/form?q=1&email=old', { method: 'POST', body }),
      '1 a@b.c red,blue POST /v/form',
    );
    t.is(await visitor.text('/v/form?q=2'), '2   GET /v/form');
  }
});

test.serial('uploads are read, and removed after the response', async (t) => {
  const folder = await folderWith(t, {});
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  const uploads = async () => (await readdir(folder)).filter((name) => name.startsWith('karrigell-upload-'));
  try {
    const visitor = await behindSite(
      t,
      {
        'up.pih':
          '<% import { readdirSync } from "node:fs" %><%= FILES.photo?.name %> <%= (await FILES.photo?.text())?.length %> ' +
          '<%= readdirSync(ARGS.folder).filter((name) => name.startsWith("karrigell-upload-")).length %>',
      },
      (program) => program.post('/up', (_, response) => response.render('up', { folder })),
    );
    const body = new FormData();
    body.append('photo', new File(['x'.repeat(300_000)], 'big.txt'));
    t.is(await visitor.text('/up', { method: 'POST', body }), 'big.txt 300000 1');
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  while ((await uploads()).length > 0) await new Promise((look) => setImmediate(look));
  t.pass();
});

test('views of one request that are rendered at the same time all have its fields', async (t) => {
  const visitor = await behindSite(t, { 'a.pih': 'a <%= _x %>', 'b.pih': 'b <%= _x %>' }, (program) => {
    program.post('/both', async (_, response) => {
      const text = (view: string) =>
        new Promise((resolve) => response.render(view, {}, (_error, html) => resolve(html)));
      response.send((await Promise.all([text('a'), text('b')])).join(', '));
    });
  });
  const body = new URLSearchParams({ x: '1' });
  t.is(await visitor.text('/both', { method: 'POST', body }), 'a 1, b 1');
});

test('a body that other code is reading is left alone', async (t) => {
  const visitor = await behindSite(t, { 'page.pih': '[<%= _x %>]' }, (program) => {
    program.post('/reading', async (request, response) => {
      const chunks = request[Symbol.asyncIterator]();
      await chunks.next();
      response.render('page');
    });
  });
  const body = new URLSearchParams({ x: '1'.repeat(200_000) });
  t.is(await visitor.text('/reading', { method: 'POST', body }), '[]');
});

test('a form past the limits is refused with its status', async (t) => {
  const visitor = await behindSite(t, { 'form.pih': '<%= _a %>' }, everyView('form'), {
    limits: { body: 100 },
  });
  const body = new URLSearchParams({ a: 'x'.repeat(200) });
  t.is((await visitor.get('/v/form', { method: 'POST', body })).status, 413);
});

test('RESPONSE of a view is the response of the program', async (t) => {
  const visitor = await behindSite(
    t,
    {
      'say.pih':
        '<% RESPONSE.headers.set("X-View", "1"); RESPONSE.setCookie("a", "1"); RESPONSE.setCookie("b", "2") %><%= RESPONSE.status %>',
      'status.pih': '<% RESPONSE.status = 202 %>',
      'send.pih': 'printed<% RESPONSE.send("sent") %>',
      'bytes.pih': '<% RESPONSE.send(new Uint8Array(1)) %>',
      'flush.pih': '<% await RESPONSE.flush() %>',
    },
    (program) => {
      everyView('status', 'send', 'bytes', 'flush')(program);
      program.get('/say', (_, response) => response.status(404).render('say'));
    },
  );
  const said = await visitor.get('/say');
  t.deepEqual([said.status, said.headers.get('x-view'), await said.text()], [404, '1', '404']);
  t.is(said.headers.getSetCookie().length, 2);
  t.is((await visitor.get('/v/status')).status, 202);
  t.is(await visitor.text('/v/send'), 'sent');
  t.regex(await visitor.text('/v/bytes'), /sends bytes/);
  t.regex(await visitor.text('/v/flush'), /cannot be used in a view/);
});

test('a request that did not pass the site has no session in its view', async (t) => {
  const { app } = await openSite(t, {});
  const { program } = await withViews(t, { 'page.pih': '<%= Session().is_new %>' });
  program.get('/before', (_, response) => response.render('page'));
  program.use(app.handler);
  program.get('/behind', (_, response) => response.render('page'));
  const visitor = await visit(t, program);
  t.regex(await visitor.text('/before'), /a view has no Session\(\).*no site has handed on/);
  t.is(await visitor.text('/behind'), 'true');
});

const otherCookie: Handler = (_, response, next) => {
  response.appendHeader('Set-Cookie', 'sessionId=; Max-Age=0; Path=/other');
  next();
};

test("a cookie of the session's name that the program sets for elsewhere is not the session of a view", async (t) => {
  for (const persistent_session of [false, { store: 'cookie', secrets: ['x'.repeat(32)] }]) {
    const visitor = await behindSite(
      t,
      { 'count.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %>view <%= s.n %>' },
      (program) => {
        program.use(otherCookie);
        program.get('/v/count', (_, response) => response.render('count'));
      },
      { persistent_session, session: { cookie: { timeout: 1000 } } },
    );
    t.is(await visitor.text('/count'), '1');
    t.is(await visitor.text('/v/count'), 'view 2');
  }
});
