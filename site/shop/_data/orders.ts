// The shop's orders: one file each, named by the order's id, so that placing one twice changes nothing.
// They lie outside the site and outlive the visitor's session and the server.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bill } from './bill.ts';
import type { Details } from './steps.ts';

export interface Order extends Details {
  readonly id: string;
  /** ISO 8601. */
  readonly placed: string;
  readonly bill: Bill;
}

const folder =
  process.env.SHOP_ORDERS ?? fileURLToPath(new URL('../../../.karrigell/orders', import.meta.url));

/** Keeps an order; the first of an id stands. */
export function placeOrder(order: Order): void {
  const file = fileOf(order.id);
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(order, null, 2));
  renameSync(`${file}.new`, file);
}

/** The order of that id. */
export function findOrder(id: string): Order | undefined {
  const file = fileOf(id);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function fileOf(id: string): string {
  return join(folder, `${id}.json`);
}
