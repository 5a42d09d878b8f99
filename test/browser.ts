// Chromium for tests that look at pages as a visitor does.

import { existsSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { missingHere } from './missing-here.ts';

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

/** More than any page here needs, and well below the test's own limit. */
const PATIENCE = 15_000;
const TEST_LIMIT = 120_000;

const executable = CANDIDATES.find((path) => path !== undefined && existsSync(path));

const MISSING = 'there is no Chromium (install it, or set CHROMIUM to its path)';
let isDeclared = false;

/** Declares a test that needs Chromium; such tests of one file run one after the other. */
export function browserTest(title: string, walk: (t: ExecutionContext) => Promise<void>): void {
  if (!isDeclared) declareOnce();
  if (executable === undefined) return;
  test.serial(title, async (t) => {
    t.timeout(TEST_LIMIT);
    await walk(t);
  });
}

/** Not when the module is imported: a test file that awaits its other imports could declare nothing after that. */
function declareOnce(): void {
  isDeclared = true;
  if (executable === undefined) missingHere(MISSING, 'tests in a browser');
  else test.after.always(async () => (await browser)?.close());
}

/** The browser of all tests of a file: its start costs more than most tests. */
let browser: Promise<Browser> | undefined;

function launched(): Promise<Browser> {
  if (executable === undefined) throw new Error(MISSING);
  browser ??= chromium.launch({ executablePath: executable, headless: true, args: ARGUMENTS });
  return browser;
}

/** Runs `walk` as a new visitor with an empty profile, who leaves whatever happens. */
export async function visit(
  options: BrowserContextOptions,
  walk: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await (await launched()).newContext(options);
  try {
    context.setDefaultTimeout(PATIENCE);
    await walk(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Clicks what leads to another page, and waits until that is there. */
export async function press(target: Locator): Promise<void> {
  await Promise.all([target.page().waitForEvent('load'), target.click()]);
}

/** The text of an element as it is seen: laid out, without what is hidden. */
export function textSeen(target: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: the test wants the text as the visitor sees it
  return target.innerText();
}
