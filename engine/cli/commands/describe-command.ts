// The command `karrigell describe`: prints the compiler's knowledge of a site, as text or as JSON.

import { printableJson } from '../../diagnostics/printable.ts';
import { openPages } from '../../pages/open-pages.ts';
import { pageFiles } from '../../pages/page-files.ts';
import { descriptionText } from '../../pages/site-map/description-text.ts';
import { surfacedSite } from '../../pages/site-map/opened-site.ts';
import { describedSite } from '../../pages/site-map/site-description.ts';
import { privateFiles } from '../../private-files.ts';
import { paint, wantsColours } from '../../process/colours.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';

/** The options of the command. */
export interface DescribeOptions {
  readonly json?: boolean;
}

/** Prints the description. No page runs. */
export async function describeSite(options: GlobalOptions, { json = false }: DescribeOptions): Promise<void> {
  const configuration = configurationFor(options);
  const { root_dir, error_pages, outside_paths } = configuration.config;
  const hidden = privateFiles(configuration, configuration.base_dir);
  const log = (_: string, message: string) => void process.stderr.write(`${message}\n`);
  const pages = await openPages({ root_dir, watch: false, debug: true, runs: false, hidden, log });
  const site = surfacedSite({ pages, files: pageFiles(pages.root, hidden), error_pages, outside_paths });
  const description = describedSite(site);
  const text = json
    ? `${printableJson(JSON.stringify(description, null, 2))}\n`
    : descriptionText(description, paint(wantsColours(process.stdout, process.env)));
  process.stdout.write(text);
  await pages.close();
}
