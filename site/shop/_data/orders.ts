// The shop's orders: one file each, named by the order's id. They lie outside of the site, and outlive the visitor's session and
// the server.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../_data/data-folder.ts';
import type { Bill } from './bill.ts';
import type { Details } from './steps.ts';

export interface Order extends Details {
  readonly id: string;
  /** ISO 8601. */
  readonly placed: string;
  readonly bill: Bill;
}

type NewOrder = Omit<Order, 'id' | 'placed'>;

const folder = dataFolder('orders');

/** Keeps an order; returns its id. */
export function placeOrder(order: NewOrder): string {
  const id = crypto.randomUUID();
  const file = fileOf(id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ id, placed: new Date().toISOString(), ...order }, null, 2));
  renameSync(`${file}.new`, file);
  return id;
}

/** The order of that id. */
export function findOrder(id: string): Order | undefined {
  const file = fileOf(id);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function fileOf(id: string): string {
  return join(folder, `${id}.json`);
}
