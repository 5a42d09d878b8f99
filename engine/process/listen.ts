// A node:http server that listens, with the limits of the configuration.

import { once } from 'node:events';
import { type RequestListener, Server } from 'node:http';
import { type AddressInfo, Server as PortServer } from 'node:net';
import type { Config } from '../../config/schema.ts';
import type { CodeWith } from '../diagnostics/codes.ts';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import { withoutContinue } from '../http/expect-continue.ts';
import { holdRequests, stopServer } from './stop-server.ts';

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly port: number;
  /** Applies a changed configuration to later requests. */
  configure(config: TimeSettings): void;
  /** Lets requests wait from now on until `stop()`, which the caller calls within seconds. */
  hold(): void;
  /**
   * Closes the port; resolves when the running requests have ended.
   * @param grace_ms running requests are cut off after this time, in milliseconds
   * @param interrupt called shortly before that, so that running pages can still be answered
   */
  stop(grace_ms: number, interrupt?: () => unknown): Promise<void>;
}

/** The settings that say how long a connection may be idle or busy. */
type TimeSettings = Pick<Config, 'limits' | 'trust_proxy'>;

/**
 * The times after which an idle connection is closed, in milliseconds. A request may already be on its way when a connection is closed.
 * Browsers send it again; proxies do not repeat a POST (RFC 9110, section 9.2.2) but answer 502. So a proxy has to close first: nginx
 * does after 60 s by default, Caddy after 120 s.
 */
const IDLE_MS = { direct: 5_000, proxy: 125_000 };

/** The interval at which Node looks for connections whose request is late. Its default of 30 s would triple our limits. */
const CHECK_EVERY_MS = 1000;

/**
 * A server whose close() closes the port only. close() of node:http also closes connections that wait for their next request, which
 * may be on its way. node:cluster calls close() when the parent disconnects a worker.
 */
class KeepingServer extends Server {
  override close(closed?: (error?: Error) => void): this {
    PortServer.prototype.close.call(this, closed);
    return this;
  }
}

/** Listens. Throws a Problem if the port cannot be opened. */
export async function listen(
  handler: RequestListener,
  config: Pick<Config, 'host' | 'port'> & TimeSettings,
): Promise<Listening> {
  const { host } = config;
  const server = new KeepingServer({ connectionsCheckingInterval: CHECK_EVERY_MS }, handler);
  server.on('checkContinue', withoutContinue(handler));
  applyTimes(server, config);
  const port = await openPort(server, config);
  let letGo: (() => void) | undefined;
  return {
    url: urlOf(host, port),
    port,
    configure: (changed) => applyTimes(server, changed),
    hold: () => {
      letGo ??= holdRequests(server);
    },
    stop: (grace_ms, interrupt = () => undefined) => stopServer(server, grace_ms, interrupt, letGo),
  };
}

/**
 * The configured port, or one that is free now if it is 0. The parent of several workers chooses the port before they start, because
 * all of them need the same one, including workers that start when no other one holds it.
 */
export async function chosenPort(config: Pick<Config, 'host' | 'port'>): Promise<number> {
  if (config.port !== 0) return config.port;
  const server = new PortServer();
  const port = await openPort(server, config);
  server.close();
  await once(server, 'close');
  return port;
}

/** Opens the port of a server and returns its number. */
async function openPort(server: PortServer, { host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw listenProblem(error, host, port);
  }
  const address = server.address();
  return isAddressInfo(address) ? address.port : port;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** Node refuses a header timeout that is longer than the request timeout. */
function applyTimes(server: Server, { limits, trust_proxy }: TimeSettings): void {
  const { header_timeout, request_timeout } = limits;
  server.headersTimeout = Math.min(header_timeout, request_timeout) * 1000;
  server.requestTimeout = request_timeout * 1000;
  server.keepAliveTimeout = trust_proxy === false ? IDLE_MS.direct : IDLE_MS.proxy;
}

/** The URL at which a browser on this machine reaches the server. */
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

/** The Problem for an error of listening. */
export function listenProblem(cause: unknown, host: string, port: number): Problem {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const what = messageOf(cause);
  return new Problem(REASONS[reason] ?? 'cannot-listen', {
    params: { host, port, what },
    value: port,
    cause,
  });
}
