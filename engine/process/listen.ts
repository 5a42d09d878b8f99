// A node:http server with the limits of the configuration, and its orderly end.

import { once } from 'node:events';
import { type RequestListener, Server } from 'node:http';
import { Server as PortServer } from 'node:net';
import type { Config } from '../../config/schema.ts';
import type { CodeWith } from '../diagnostics/codes.ts';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import { withoutContinue } from '../http/expect-continue.ts';
import { holdRequests, untilQuiet } from './held-requests.ts';

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly port: number;
  /** Applies changed time limits. */
  limit(limits: Config['limits']): void;
  /** Lets requests wait from now on until it stops, which is a moment away. */
  hold(): void;
  /**
   * Takes no more requests; resolves when those that run have ended, or were cut off after `grace_ms`.
   * @param interrupt called shortly before, so that what runs can still be answered
   */
  stop(grace_ms: number, interrupt?: () => unknown): Promise<void>;
}

/** How often connections are looked at for a request that came too slowly; Node's 30 s would triple our limit. */
const CHECK_EVERY_MS = 1000;
/** While stopping: a kept connection gets this long for its next request, which is answered and told to be the last. */
const KEPT_MS = 500;
/** While stopping: how often connections are closed that have become idle. */
const SWEEP_MS = 50;
/** While stopping: an interrupted page gets this long to be answered, before its connection is cut. */
const LAST_ANSWER_MS = 500;

/**
 * Its close() closes the port alone. That of node:http also closes connections that wait for their next request, which may be on
 * its way; and node:cluster calls it when the parent stops a worker.
 */
class KeepingServer extends Server {
  override close(closed?: (error?: Error) => void): this {
    PortServer.prototype.close.call(this, closed);
    return this;
  }
}

/** Listens; throws a Problem that says why it cannot. */
export async function listen(
  handler: RequestListener,
  config: Pick<Config, 'host' | 'port' | 'limits'>,
): Promise<Listening> {
  const { host, port } = config;
  const server = new KeepingServer({ connectionsCheckingInterval: CHECK_EVERY_MS }, handler);
  server.on('checkContinue', withoutContinue(handler));
  applyLimits(server, config.limits);
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw listenProblem(error, host, port);
  }
  const address = server.address();
  let held: (() => void) | undefined;
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: urlOf(host, actual),
    port: actual,
    limit: (limits) => applyLimits(server, limits),
    hold: () => {
      held ??= holdRequests(server);
    },
    stop: (grace_ms, interrupt = () => undefined) => stop(server, grace_ms, interrupt, held),
  };
}

/** Node refuses a header timeout that is longer than the request's. */
function applyLimits(server: Server, { header_timeout, request_timeout }: Config['limits']): void {
  server.headersTimeout = Math.min(header_timeout, request_timeout) * 1000;
  server.requestTimeout = request_timeout * 1000;
}

/** Where a browser on this machine finds the server. */
export function urlOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}

const REASONS: Readonly<Record<string, CodeWith<'host' | 'port' | 'what'>>> = {
  EADDRINUSE: 'port-in-use',
  EACCES: 'port-not-allowed',
  EADDRNOTAVAIL: 'host-not-here',
  ENOTFOUND: 'host-not-here',
  EAI_AGAIN: 'host-not-here',
};

/** Why a server cannot listen, in our words. */
export function listenProblem(cause: unknown, host: string, port: number): Problem {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const what = messageOf(cause);
  return new Problem(REASONS[reason] ?? 'cannot-listen', {
    params: { host, port, what },
    value: port,
    cause,
  });
}

async function stop(
  server: Server,
  grace_ms: number,
  interrupt: () => unknown,
  held: (() => void) | undefined,
): Promise<void> {
  const closed = once(server, 'close');
  const goOn = held ?? holdRequests(server);
  let taken = false;
  server.on('connection', () => {
    taken = true;
  });
  await untilQuiet(() => {
    const took = taken;
    taken = false;
    return took;
  });
  server.close();
  goOn();
  const sweep = closeIdleLater(server);
  const late = setTimeout(interrupt, Math.max(0, grace_ms - LAST_ANSWER_MS));
  const cut = setTimeout(() => server.closeAllConnections(), grace_ms);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
  clearTimeout(cut);
}

/** Closes idle connections once their clients have had time for a last request, and right after the system was asked for input. */
function closeIdleLater(server: Server): NodeJS.Timeout {
  const from = performance.now() + KEPT_MS;
  return setInterval(() => {
    if (performance.now() >= from) setImmediate(() => server.closeIdleConnections());
  }, SWEEP_MS);
}
