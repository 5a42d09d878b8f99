// One TypeScript project for each site, with the settings of `karrigell check`. Volar's own projects are made by the
// nearest tsconfig.json, which need not know the pages at all.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  createLanguageServiceEnvironment,
  createSimpleProject,
} from '@volar/language-server/lib/project/simpleProject';
import { createUriConverter } from '@volar/language-server/lib/project/typescriptProject';
import {
  createTypeScriptLS,
  type TypeScriptProjectLS,
} from '@volar/language-server/lib/project/typescriptProjectLs';
import type { LanguageServer, LanguageServerProject } from '@volar/language-server/node';
import * as ts from 'typescript';
import { URI } from 'vscode-uri';
import { type Engine, engineFor } from './engine';
import type { Failures } from './failures';
import { pageLanguage } from './language';

type Uris = ReturnType<typeof createUriConverter>;
type Site = ReturnType<Engine['siteOf']>;
interface OpenSite {
  /** The site of the configuration, as JSON. */
  readonly settings: string;
  readonly project: Promise<SiteProject>;
}

type SiteProject = Pick<TypeScriptProjectLS, 'languageService' | 'tryAddFile' | 'dispose'>;

/** The projects of all sites that have a page open. */
export function siteProjects(failures: Failures): LanguageServerProject {
  const open = new Map<string, OpenSite>();
  /** For pages of which nothing is known, because there is no karrigell. */
  const without = createSimpleProject([]);
  let server: LanguageServer;
  let uris: Uris;

  /** The project of the site of a page; undefined where no karrigell is installed. */
  async function projectOf(file: string): Promise<SiteProject | undefined> {
    const engine = await engineFor(dirname(file));
    if (engine === undefined) return undefined;
    const site = engine.siteOf(file);
    const settings = JSON.stringify(site);
    const known = open.get(site.root);
    if (known?.settings === settings) return known.project;
    if (known !== undefined) close(known);
    const project = openProject(engine, site, { server, uris, failures });
    open.set(site.root, { settings, project });
    project.catch(() => open.delete(site.root));
    return project;
  }

  function close({ project }: OpenSite): void {
    failures.attemptAsync('a site that is closed', async () => (await project).dispose());
  }

  function closeAll(): void {
    for (const site of open.values()) close(site);
    open.clear();
  }

  return {
    setup(given) {
      server = given;
      without.setup(given);
      uris = createUriConverter(given.workspaceFolders.all);
      given.fileWatcher.onDidChangeWatchedFiles(({ changes }) => {
        if (changes.some(({ uri }) => SETTINGS.test(uri))) closeAll();
        given.languageFeatures.requestRefresh(true);
      });
    },
    async getLanguageService(uri) {
      const file = uris.asFileName(uri);
      const project = await failures.attemptAsync('the site of a page', () => projectOf(file));
      if (project === undefined) return without.getLanguageService(uri);
      project.tryAddFile(file);
      return project.languageService;
    },
    async getExistingLanguageServices() {
      const projects = await Promise.allSettled([...open.values()].map(({ project }) => project));
      return projects.flatMap((project) =>
        project.status === 'fulfilled' ? [project.value.languageService] : [],
      );
    },
    reload: closeAll,
  };
}

/** Files that change what a project is. */
const SETTINGS = /\/(?:tsconfig[^/]*|karrigell\.config|package)\.json$/;

interface ProjectSetting {
  readonly server: LanguageServer;
  readonly uris: Uris;
  readonly failures: Failures;
}

async function openProject(
  engine: Engine,
  site: Site,
  { server, uris, failures }: ProjectSetting,
): Promise<SiteProject> {
  const { options, fileNames } = settingsOf(engine, site);
  const folder = URI.file(site.base_dir);
  const environment = createLanguageServiceEnvironment(server, [folder]);
  const project = await createTypeScriptLS(
    ts,
    undefined,
    options,
    server,
    { ...environment, getConfiguration: withoutAutoImports(environment.getConfiguration) },
    folder,
    uris,
    ({ projectHost }) => {
      const pages = projectHost.getScriptFileNames;
      projectHost.getScriptFileNames = () => [...fileNames, ...pages()];
      return { languagePlugins: [pageLanguage(engine, site, uris.asFileName, failures)] };
    },
  );
  return { ...project, languageService: failures.guarded('a page', project.languageService) };
}

function settingsOf(engine: Engine, site: Site): ts.ParsedCommandLine {
  // Volar makes the folder of a site the current one, and TypeScript fails where that was deleted.
  process.chdir(site.base_dir);
  const user = join(site.base_dir, 'tsconfig.json');
  const content = engine.settingsOf(site, existsSync(user) ? shown(user) : undefined);
  return ts.parseJsonConfigFileContent(content, ts.sys, site.base_dir);
}

/** The settings of a tsconfig.json with all that it extends, as `tsc --showConfig` prints them. */
function shown(file: string): object {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const parsed = ts.getParsedCommandLineOfConfigFile(file, {}, host);
  const { target, paths, baseUrl, pathsBasePath } = parsed?.options ?? {};
  return {
    compilerOptions: { target, paths, baseUrl: baseUrl ?? pathsBasePath },
    files: parsed?.fileNames ?? [],
  };
}

type GetConfiguration = <T>(section: string, scope?: string) => Promise<T | undefined>;

/** TypeScript would put an import behind the page's last one, which stands behind the page's end. */
function withoutAutoImports(get: GetConfiguration | undefined): GetConfiguration {
  return async <T>(section: string, scope?: string) => {
    const found = await get?.<T>(section, scope);
    if (section !== 'typescript') return found;
    const suggest = typeof found === 'object' && found !== null && 'suggest' in found ? found.suggest : {};
    return { ...found, suggest: { ...Object(suggest), autoImports: false } } as T;
  };
}
