// Plans the generations of a site for other processes that serve it (process/workers.ts). This process compiles pages to
// see whether changes are complete, and runs none.

import { toolsFor } from './generation.ts';
import type { Audience, SnapshotData } from './generation-change.ts';
import { GenerationPlanner } from './generation-planner.ts';
import type { PagesOptions } from './index.ts';
import { realFolder } from './site-paths.ts';
import { SiteWatch } from './site-watch.ts';
import { Snapshot } from './snapshot.ts';

/** The planner of a site that is served by other processes. */
export interface SitePlan {
  /** The sources that are served now, for a process that starts. */
  sources(): SnapshotData;
  close(): Promise<void>;
}

/**
 * Reads a site, and plans its generations from now on.
 * @throws Problem `root-missing` when the folder does not exist
 */
export async function planSite(options: PagesOptions, audience: Audience): Promise<SitePlan> {
  const root = realFolder(options.root_dir);
  // It begins before anything is read, so that no change is missed.
  const watch = new SiteWatch(root, {
    ...options,
    onChange: (files) => planner.changed(files),
    onMove: (moved) => planner.moved(moved),
  });
  const tools = toolsFor({ ...options, debug: false }, (file) => watch.add(file));
  const planner = new GenerationPlanner(Snapshot.take(root, tools), tools, audience);
  await watch.ready;
  planner.nameBroken();
  return {
    sources: () => planner.sources.data,
    async close() {
      await watch.close();
      await planner.close();
    },
  };
}
