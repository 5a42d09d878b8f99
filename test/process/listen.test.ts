// A listening server: its URL, its limits, the errors of listening, and its stop.

import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import test from 'ava';
import { defaultConfig } from '../../config/load-config.ts';
import { listen, listenProblem, urlOf } from '../../engine/process/listen.ts';

const config = { ...defaultConfig('/'), port: 0 };

test('the URL is one that a browser on this machine can open', (t) => {
  t.is(urlOf('127.0.0.1', 80), 'http://127.0.0.1:80/');
  t.is(urlOf('0.0.0.0', 8080), 'http://localhost:8080/');
  t.is(urlOf('::', 8080), 'http://localhost:8080/');
  t.is(urlOf('::1', 8080), 'http://[::1]:8080/');
});

test('errors of listening are Problems with a reason', (t) => {
  const problem = (code: string) => listenProblem(Object.assign(new Error('why'), { code }), 'h', 80).code;
  t.is(problem('EADDRINUSE'), 'port-in-use');
  t.is(problem('EACCES'), 'port-not-allowed');
  t.is(problem('EADDRNOTAVAIL'), 'host-not-here');
  t.is(problem('ENOTFOUND'), 'host-not-here');
  t.is(problem('EINVAL'), 'cannot-listen');
  t.regex(listenProblem(new Error('why'), 'h', 80).message, /port 80 of h: why/);
});

test('headers that do not arrive in time are answered 408', async (t) => {
  const server = await listen((_, outgoing) => outgoing.end(), {
    ...config,
    limits: { ...config.limits, header_timeout: 1, request_timeout: 1 },
  });
  t.teardown(() => server.stop(0));
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\n');
  const [answer] = await once(socket.setEncoding('utf8'), 'data');
  t.regex(String(answer), /^HTTP\/1\.1 408 /);
});

test('a header timeout longer than the request timeout is no error', async (t) => {
  const server = await listen((_, outgoing) => outgoing.end(), config);
  t.teardown(() => server.stop(0));
  const limits = { ...config.limits, header_timeout: 100, request_timeout: 1 };
  t.notThrows(() => server.configure({ ...config, limits }));
});

test('an idle connection of a proxy is kept for longer than proxies keep theirs', async (t) => {
  const server = await listen((_, outgoing) => outgoing.end(), config);
  t.teardown(() => server.stop(0));
  const kept = async () => {
    const asked = request(server.url, { headers: { connection: 'keep-alive' } }).end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    return answer.headers['keep-alive'];
  };
  t.is(await kept(), 'timeout=5');
  server.configure({ ...config, trust_proxy: ['127.0.0.1'] });
  t.is(await kept(), 'timeout=125');
});

test('stopping lets a running request finish and closes its connection, then refuses others', async (t) => {
  let finish: (() => void) | undefined;
  const server = await listen((_, outgoing) => {
    finish = () => outgoing.end('done');
  }, config);
  const asked = request(server.url, { headers: { connection: 'keep-alive' } }).end();
  await once(asked, 'finish');
  while (finish === undefined) await new Promise(setImmediate);
  const stopped = server.stop(60_000);
  finish();
  const [answer] = await once(asked, 'response');
  t.is(answer.statusCode, 200);
  answer.resume();
  await stopped;
  await t.throwsAsync(fetch(server.url));
});

test('a request that does not finish is cut off at its time limit', async (t) => {
  let came = false;
  const server = await listen(() => {
    came = true;
  }, config);
  const asked = request(server.url).end();
  const cut = once(asked, 'error');
  while (!came) await new Promise(setImmediate);
  await server.stop(1);
  const [error] = await cut;
  t.is(error.code, 'ECONNRESET');
});
