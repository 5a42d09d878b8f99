// Plans the generations of a site for the processes that serve it (process/workers.ts). This process compiles pages to
// find out whether changes are complete; it runs none.

import { toolsFor } from './generation.ts';
import type { Audience, SnapshotData } from './generation-change.ts';
import { GenerationPlanner } from './generation-planner.ts';
import type { PagesOptions } from './index.ts';
import { realFolder } from './site-paths.ts';
import { SiteWatch } from './site-watch.ts';
import { Snapshot } from './snapshot.ts';

/** The plan of a site that other processes serve. */
export interface SitePlan {
  /** The snapshot that is served now, for a process that starts. */
  sources(): SnapshotData;
  close(): Promise<void>;
}

/**
 * Reads a site and begins to plan its generations.
 * @throws (rejects with) Problem `root-missing` if the folder does not exist
 */
export async function planSite(options: PagesOptions, audience: Audience): Promise<SitePlan> {
  const root = realFolder(options.root_dir);
  // Watching begins before the first file is read, so that no change is missed.
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
