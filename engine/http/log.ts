// The request log: one line a request (contract section 2). Query strings are left out, since they may hold secrets.

import type { Exchange } from './exchange.ts';
import { combinedLine, jsonLine, type LogEntry, textLine } from './log-line.ts';

/** The status of a request whose client left before it was answered, as nginx writes it. */
export const CLIENT_LEFT = 499;

/** Writes the line of a request that has been answered with a status. */
export function logRequest(exchange: Exchange, status: number): void {
  const { options } = exchange.site;
  const format = exchange.settings.config.log;
  if (format === false) return;
  const ended = exchange.site.now();
  if (format === 'text') {
    const { method, path } = exchange.request;
    options.write_log(
      textLine(exchange.started, status, method, path, ended - exchange.started, options.colours === true),
    );
    return;
  }
  const entry = entryOf(exchange, status, ended);
  options.write_log(format === 'json' ? jsonLine(entry) : combinedLine(entry));
}

function entryOf(exchange: Exchange, status: number, ended: number): LogEntry {
  const { headers, httpVersion } = exchange.incoming;
  return {
    time: exchange.started,
    ms: ended - exchange.started,
    status,
    method: exchange.request.method,
    path: exchange.request.path,
    ip: exchange.request.ip,
    bytes: exchange.bytes,
    version: httpVersion,
    referer: headers.referer?.replace(/[?#].*$/s, ''),
    agent: headers['user-agent'],
  };
}
