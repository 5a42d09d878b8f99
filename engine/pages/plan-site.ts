// Plans the generations of a site for other processes that serve it (process/workers.ts). This process compiles pages to
// see whether changes are complete, and runs none.

import { PageCompiler } from './compiled.ts';
import type { Audience, SnapshotData } from './generation-change.ts';
import { GenerationPlanner } from './generation-planner.ts';
import type { PagesOptions } from './index.ts';
import { ModuleCompiler } from './modules/compiled-module.ts';
import { realFolder } from './real-folder.ts';
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
  const { hidden, log, root_dir } = options;
  const root = realFolder(root_dir);
  const onOutside = (file: string) => watch?.add(file);
  const tools = {
    pages: new PageCompiler(false),
    modules: new ModuleCompiler(false),
    log,
    hidden,
    onOutside,
  };
  let watch: SiteWatch | undefined;
  const planner = new GenerationPlanner(Snapshot.take(root, hidden, undefined, onOutside), tools, audience);
  const onChange = (files: readonly string[]) => planner.changed(files);
  watch = new SiteWatch({
    folder: root_dir,
    root,
    hidden,
    log,
    onChange,
    onMove: (moved) => planner.moved(moved),
  });
  await watch.ready;
  planner.nameBroken();
  return {
    sources: () => planner.sources.data,
    async close() {
      await watch?.close();
      await planner.close();
    },
  };
}
