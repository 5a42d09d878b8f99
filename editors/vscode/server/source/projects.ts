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
import { pageLanguage } from './language';

type Uris = ReturnType<typeof createUriConverter>;
type Site = ReturnType<Engine['siteOf']>;

/** The projects of all sites that have a page open. */
export function siteProjects(): LanguageServerProject {
  const open = new Map<string, Promise<TypeScriptProjectLS>>();
  /** For pages of which nothing is known, because there is no karrigell. */
  const without = createSimpleProject([]);
  let server: LanguageServer;
  let uris: Uris;

  function projectOf(engine: Engine, file: string): Promise<TypeScriptProjectLS> {
    const site = engine.siteOf(file);
    const project = open.get(site.root) ?? openProject(engine, site, server, uris);
    open.set(site.root, project);
    return project;
  }

  function closeAll(): void {
    for (const project of open.values()) project.then((opened) => opened.dispose());
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
      const engine = await engineFor(dirname(file));
      if (engine === undefined) return without.getLanguageService(uri);
      const project = await projectOf(engine, file);
      project.tryAddFile(file);
      return project.languageService;
    },
    async getExistingLanguageServices() {
      const projects = await Promise.all(open.values());
      return projects.map((project) => project.languageService);
    },
    reload: closeAll,
  };
}

/** Files that change what a project is. */
const SETTINGS = /\/(?:tsconfig[^/]*|karrigell\.config|package)\.json$/;

function openProject(
  engine: Engine,
  site: Site,
  server: LanguageServer,
  uris: Uris,
): Promise<TypeScriptProjectLS> {
  const { options, fileNames } = settingsOf(engine, site);
  const folder = URI.file(site.base_dir);
  const environment = createLanguageServiceEnvironment(server, [folder]);
  return createTypeScriptLS(
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
      return { languagePlugins: [pageLanguage(engine, uris.asFileName)] };
    },
  );
}

function settingsOf(engine: Engine, site: Site): ts.ParsedCommandLine {
  const user = join(site.base_dir, 'tsconfig.json');
  const content = engine.settingsOf(site, existsSync(user) ? shown(user) : undefined);
  return ts.parseJsonConfigFileContent(content, ts.sys, site.base_dir);
}

/** What a tsconfig.json amounts to, as `tsc --showConfig` tells it. */
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
