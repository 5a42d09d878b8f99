// The language server, which an editor starts and talks to over stdio or IPC.

import { createConnection, createServer } from '@volar/language-server/node';
import * as ts from 'typescript';
import { create as typescriptService } from 'volar-service-typescript/lib/plugins/semantic';
import { compilerFindings, withRemedies } from './findings';
import { siteProjects } from './projects';

const connection = createConnection();
const server = createServer(connection);

connection.onInitialize((params) =>
  server.initialize(params, siteProjects(), [compilerFindings(), withRemedies(typescriptService(ts))]),
);
connection.onInitialized(() => {
  server.initialized();
  server.fileWatcher.watchFiles(['**/*.{pih,ts,mts,js,mjs,json}']);
});
connection.onShutdown(() => server.shutdown());
connection.listen();
