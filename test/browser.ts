// Chromium for tests that look at pages as a visitor does. Without one they are skipped with one line that
// says so; with CI=true its absence is a failure.

import { existsSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

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

if (executable === undefined && process.env.CI !== 'true') {
  console.warn('browser tests skipped: no Chromium found (install it, or set CHROMIUM to its path)');
}

/** A test that needs Chromium; such tests of one file run one after the other. */
export function browserTest(title: string, walk: (t: ExecutionContext) => Promise<void>): void {
  if (executable === undefined && process.env.CI !== 'true') {
    test.serial.skip(title, walk);
    return;
  }
  test.serial(title, async (t) => {
    t.timeout(TEST_LIMIT);
    await walk(t);
  });
}

/** Runs `walk` as a new visitor in a browser with an empty profile, who leaves whatever happens. */
export async function visit(
  options: BrowserContextOptions,
  walk: (page: Page) => Promise<void>,
): Promise<void> {
  if (executable === undefined) throw new Error('no Chromium found: install it, or set CHROMIUM to its path');
  const browser = await chromium.launch({ executablePath: executable, headless: true, args: ARGUMENTS });
  try {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE);
    await walk(await context.newPage());
  } finally {
    await browser.close();
  }
}

/** Clicks what leads to another page, and waits until that is there. */
export async function press(target: Locator): Promise<void> {
  await Promise.all([target.page().waitForEvent('load'), target.click()]);
}

/** The text of an element as it is seen: laid out, without what is hidden. */
export function textSeen(target: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what the visitor sees is the point
  return target.innerText();
}
