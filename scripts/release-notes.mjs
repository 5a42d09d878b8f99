// Prints the section of CHANGELOG.md for a tag: `node scripts/release-notes.mjs v0.2.0`. Fails unless the tag, the version of
// package.json and a section of the changelog agree, so that a release cannot go out under a wrong number.

import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

const tag = process.argv[2] ?? '';
const { version } = JSON.parse(read('package.json'));
const section = sectionOf(version);

if (tag !== `v${version}`) fail(`the tag is "${tag}", but package.json has version ${version}`);
if (section === undefined) fail(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD"`);
process.stdout.write(`${section}\n`);

/** The text below the heading of a version; undefined if there is none. */
function sectionOf(wanted) {
  const sections = read('CHANGELOG.md').split(/^## /m).slice(1);
  const found = sections.find((text) => text.startsWith(`[${wanted}] - `));
  return found?.slice(found.indexOf('\n')).trim();
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
