// What an error page tells about the request: its line, headers, fields, uploads and session, with secrets masked.

import { shortened } from '../../diagnostics/thrown.ts';
import type { Exchange } from '../exchange.ts';
import { fieldsOf, queryFrom } from '../fields.ts';
import { isSecretName, MASK, maskedCookies, maskedQuery, maskedText, shownValue } from './mask.ts';

/** A part with more rows ends with how many more there are. */
const MOST_ROWS = 100;

/** Names and values to show. */
type Rows = readonly (readonly [name: string, value: string])[];

/** A named part of the page. */
export interface Section {
  readonly title: string;
  readonly rows: Rows;
}

/** "GET /cart?step=2" with secrets masked. */
export function requestLine(exchange: Exchange): string {
  const { method, path } = exchange.request;
  return `${method} ${shortened(path, 2000)}${shortened(maskedQuery(exchange.target.search), 2000)}`;
}

/** The parts that have something to show. */
export function requestSections(exchange: Exchange): Section[] {
  const sections: Section[] = [
    { title: 'Fields', rows: fieldRows(exchange) },
    { title: 'Files', rows: fileRows(exchange) },
    { title: 'Warning', rows: warningRows(exchange) },
    { title: 'Session', rows: rowsOf(exchange.session?.snapshot()) },
    { title: 'Request headers', rows: headerRows(exchange) },
  ];
  return sections.filter((section) => section.rows.length > 0);
}

function warningRows({ session }: Exchange): Rows {
  return session?.lost_cookie === undefined ? [] : [['Session cookie', session.lost_cookie]];
}

function fieldRows(exchange: Exchange): Rows {
  try {
    const query = fieldsOf(exchange.target.search, exchange.settings.config.limits);
    return rowsOf(queryFrom(query, exchange.body?.fields));
  } catch {
    // The fields themselves are what is wrong.
    return [];
  }
}

function fileRows(exchange: Exchange): Rows {
  const rows: [string, string][] = [];
  for (const [name, files] of exchange.body?.files ?? []) {
    for (const file of files)
      rows.push([name, `${maskedText(file.name)} (${file.type}, ${file.size} bytes)`]);
  }
  return rows;
}

function headerRows(exchange: Exchange): Rows {
  const rows: [string, string][] = [];
  for (const [name, value] of exchange.request.headers) rows.push([name, shownHeader(name, value)]);
  return rows;
}

function shownHeader(name: string, value: string): string {
  if (name === 'cookie') return maskedCookies(value);
  if (name === 'referer') return value.replace(/\?.*$/s, `?${MASK}`);
  return isSecretName(name) ? MASK : maskedText(value);
}

function rowsOf(record: Readonly<Record<string, unknown>> | undefined): Rows {
  const names = Object.keys(record ?? {});
  const rows = names.slice(0, MOST_ROWS).map((name): [string, string] => {
    return [shortened(name, 200), shownValue(name, record?.[name])];
  });
  if (names.length > MOST_ROWS) rows.push(['…', `and ${names.length - MOST_ROWS} more`]);
  return rows;
}
