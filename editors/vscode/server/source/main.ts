// The language server, which an editor starts and talks to over stdio or IPC.

import { createConnection, createServer } from '@volar/language-server/node';
import * as ts from 'typescript';
import { create as typescriptService } from 'volar-service-typescript/lib/plugins/semantic';
import { Failures } from './failures';
import { compilerFindings, withRemedies } from './findings';
import { pageHtml } from './html-service';
import { navigation } from './navigation';
import { pageSymbols } from './page-symbols';
import { siteProjects } from './projects';
import { registerRenaming } from './renaming';
import { siteCompletion } from './site-completion';

const connection = createConnection();
const server = createServer(connection);
const failures = new Failures((text) => connection.console.error(text));
/** Volar awaits some of its work nowhere. */
process.on('unhandledRejection', (error) => failures.note('the background', error));

connection.onInitialize((params) => {
  const plugins = [
    compilerFindings(),
    navigation(server),
    withRemedies(typescriptService(ts)),
    pageHtml(),
    siteCompletion(server),
    pageSymbols(),
  ];
  const result = server.initialize(
    params,
    siteProjects(failures),
    plugins.map((plugin) => failures.guardedPlugin(plugin)),
  );
  registerRenaming(server, failures);
  return result;
});
connection.onInitialized(() => {
  server.initialized();
  server.fileWatcher.watchFiles(['**/*.{pih,ts,mts,js,mjs,json}']);
});
connection.onShutdown(() => server.shutdown());
connection.listen();
