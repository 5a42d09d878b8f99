// An Express program with views in a folder, served on a free port.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import { viewEngine } from 'karrigell';
import { folderWith } from '../folder.ts';
import { Visitor } from '../visitor.ts';

/** A program with views. */
export interface ViewProgram {
  readonly program: Express;
  /** The folder of views. */
  readonly views: string;
  /** The output of `program.render`. */
  render(view: string, locals?: object): Promise<string>;
}

/** A program with these views, which end in `.pih`. */
export async function withViews(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
): Promise<ViewProgram> {
  const views = join(await folderWith(t, prefixed(files)), 'views');
  const program = express();
  program.engine('pih', viewEngine).set('views', views).set('view engine', 'pih').set('env', 'test');
  const render = (view: string, locals: object = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      program.render(view, locals, (error, html) =>
        error === null && html !== undefined ? resolve(html) : reject(error),
      );
    });
  return { program, views, render };
}

function prefixed(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`views/${name}`, text]));
}

/** Serves a program until the test has ended; gives somebody who visits it. */
export async function visit(t: ExecutionContext, program: RequestListener): Promise<Visitor> {
  const server = createServer({ keepAliveTimeout: 0 }, program).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return new Visitor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
