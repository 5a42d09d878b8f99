// Chromium for tests that look at pages as a visitor does. Without one they are skipped with one line that
// says so; with CI=true its absence is a failure.

import { existsSync } from 'node:fs';
import test, { type TestFn } from 'ava';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CANDIDATES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executable = CANDIDATES.find((path) => path !== undefined && existsSync(path));

/** Starts a browser with an empty profile of its own. */
export function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error('no Chromium found: install it or set CHROMIUM to its path');
  return chromium.launch({ executablePath: executable, headless: true, args: ARGUMENTS });
}

/** Runs `walk` as a new visitor (own cookies), who leaves whatever happens. */
export async function visit(
  browser: Browser,
  options: BrowserContextOptions,
  walk: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    await walk(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Ava's `test`, which skips when there is no Chromium (fails there under CI=true). */
export const browserTest: TestFn | TestFn['skip'] = chooseTest();

function chooseTest(): TestFn | TestFn['skip'] {
  if (executable !== undefined || process.env.CI === 'true') return test;
  console.warn('browser tests skipped: no Chromium found (install it, or set CHROMIUM to its path)');
  return test.skip;
}
