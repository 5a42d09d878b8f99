// The extension's part in VS Code: it starts the language server when a page is opened.

import { join } from 'node:path';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

export async function activate(): Promise<void> {
  const module = join(__dirname, 'main.js');
  client = new LanguageClient(
    'karrigell',
    'Karrigell pages',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--inspect'] } },
    },
    { documentSelector: [{ language: 'pih' }] },
  );
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
