// Tests of the language server as editors start it. Without its packages (npm ci && npm run build in editors/vscode) they are skipped.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { LanguageClient } from './language-client.ts';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'editors/vscode/server/dist/main.js');

/** Declares a test; they run one after the other. */
export const test: (title: string, run: (t: ExecutionContext) => Promise<void> | void) => void = existsSync(
  main,
)
  ? anyTest.serial
  : () => undefined;

/** The client of the one server of a test file. */
export let client: LanguageClient;
if (existsSync(main)) {
  anyTest.before(async () => {
    client = await LanguageClient.start(main, root);
  });
  anyTest.after.always(() => client?.stop());
}
