// The site of the crash tests: pages that write a name and a count together, in one piece, over an await, in an update and
// by saving early; that move the session and that end it. Each answer names the process that gave it.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreConfig } from '../../config/schema.ts';

const WORKER = "RESPONSE.headers.set('X-Worker', String(process.pid));";
const ADD =
  "s.life = _life ?? ''; s.ops = [...s.get('ops', []), _op ?? '']; s.count = s.get('count', 0) + 1;";
const PAUSE = 'await new Promise((later) => setTimeout(later, 3));';

const PAGES = {
  'plain.pih': `<% ${WORKER} %>plain`,
  'open.pih': `<% ${WORKER} Session(); %>open`,
  'add.pih': `<% ${WORKER} const s = Session(); ${ADD} %><%= s.count %>`,
  'slow.pih': `<% ${WORKER} const s = Session(); const n = s.get('count', 0); ${PAUSE} ${ADD} s.count = n + 1; %><%= s.count %>`,
  'save.pih': `<% ${WORKER} const s = Session(); ${ADD} await s.save(); ${PAUSE} %>saved`,
  'update.pih': `<% ${WORKER} const s = Session({ read_only: true });
await s.update((d) => { d.life = _life; d.ops = [...(d.ops ?? []), _op]; d.count = (d.count ?? 0) + 1; }); %>updated`,
  'regenerate.pih': `<% ${WORKER} const s = Session(); ${ADD} s.regenerate(); %>moved`,
  'close.pih': `<% ${WORKER} Session().close(); %>closed`,
  'read.pih': `<% ${WORKER} const s = Session();
RESPONSE.send(JSON.stringify({ life: s.get('life', null), count: s.get('count', 0), ops: s.get('ops', []) })); %>`,
} as const;

/** The pages that write one name. */
export const WRITING_PAGES = ['add', 'add', 'slow', 'save', 'update'] as const;

/** Writes the site into a folder; its root_dir. */
export async function writeCrashSite(
  dir: string,
  persistent_session: StoreConfig | true,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const site = join(dir, 'site');
  await mkdir(site, { recursive: true });
  for (const [name, page] of Object.entries(PAGES)) await writeFile(join(site, name), page);
  const config = { log: false, debug: false, watch: false, persistent_session, ...settings };
  await writeFile(join(dir, 'karrigell.config.json'), JSON.stringify(config, null, 2));
  return site;
}
