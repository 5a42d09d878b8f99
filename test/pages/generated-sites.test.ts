// No false alarm: sites that are right by construction have no finding. With one planted mistake each, the mistake is found at its
// place. The sites with schemas run the type check.

import test from 'ava';
import { randomRuns } from '../random-runs.ts';
import { generatedSite, mistakenSite } from './generated-site.ts';
import { siteFindings } from './site-findings.ts';

const COUNT = randomRuns(24);

const inSite = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`site/${name}`, text]));

test('sites that are right by construction have no finding', async (t) => {
  for (let seed = 0; seed < COUNT; seed++) {
    const { files, hasSchema } = generatedSite(seed);
    const found = await siteFindings(t, inSite(files), hasSchema);
    t.deepEqual(found, [], `site ${seed}`);
  }
});

test('one mistake in a site is found at its position', async (t) => {
  for (let seed = 0; seed < COUNT; seed++) {
    const { files, hasSchema, place } = mistakenSite(seed);
    const found = await siteFindings(t, inSite(files), hasSchema);
    t.true(
      found.some((each) => each.place === place),
      `site ${seed}: ${place} among ${JSON.stringify(found)}`,
    );
  }
});
