// app.render (docs/programs.md): a page of the site as a string, for tests and mails. There is no HTTP, so there are no error
// pages and no cookies, and the page cannot reach the sessions of visitors.

import { basename } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { refuseUnknownOptions } from '../diagnostics/known-options.ts';
import type { Problem } from '../diagnostics/problem.ts';
import { LoadingPage } from '../http/page-interruption.ts';
import type { RunningPages } from '../http/running-pages.ts';
import type { Pages } from '../pages/index.ts';
import { openSessions } from '../session/index.ts';
import { formsWithoutRequest } from './forms-without-request.ts';
import { giveBack, visitorWith } from './given-session.ts';
import { ProgramPage } from './program-page.ts';
import { RenderScope } from './render-scope.ts';
import { loadRunnable, renderedText, runPage } from './run-page.ts';

/** Options of `app.render`. */
export interface RenderOptions {
  /** Fields for QUERY and `_names`, besides those in the path; a list is a repeated field, undefined removes one. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The attributes of the visitor's session. Changes that the page makes are in this object afterwards. */
  readonly session?: object;
  /** The page's ARGS, as `Include(path, data)` gives them. */
  readonly data?: unknown;
  /** false: the `_before.pih` files of the folders around the page do not run. Default: true. */
  readonly before?: boolean;
}

/** The site that is rendered. */
interface RenderedSite {
  readonly pages: Pages;
  readonly config: Config;
  /** The CONFIG of pages: the configuration without secrets. */
  readonly public_config: unknown;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  readonly running: RunningPages;
}

/**
 * Renders a page.
 * @param target the page's path, with a query or without
 * @throws (rejects with) the errors that `Karrigell.render` documents
 */
export async function renderPage(
  { pages, config, public_config, log, running }: RenderedSite,
  target: string,
  options: RenderOptions = {},
): Promise<string> {
  refuseUnknownOptions('app.render', options, ['query', 'session', 'data', 'before']);
  const { query = {}, session: given = {}, data, before = true } = options;
  const [path = '', search = ''] = /^([^?#]*)([^#]*)/.exec(rooted(target))?.slice(1) ?? [];
  const { file, params, guards } = pages.named(path);
  const seconds = config.limits.page_timeout;
  const loading = loadRunnable(pages, file, before ? guards : []);
  const runnable = await running.within(loading, new LoadingPage(basename(file), seconds, log));
  const { page } = runnable;
  // Without debug, because its warning of values that only memory can keep does not concern this session.
  const settings = { ...config, persistent_session: false as const, debug: false };
  const sessions = await openSessions(settings, { base_dir: pages.root, log });
  try {
    const session = await visitorWith(sessions, given, page.name);
    const scope = new RenderScope({
      url: urlOf(path, search, query),
      path,
      params,
      config: public_config,
      forms: formsWithoutRequest(config.secret_fields),
      session,
    });
    try {
      const { RESPONSE: draft } = scope;
      const abort = (problem: Problem) => scope.interrupt(problem);
      const limit = new ProgramPage({ name: page.name, seconds, log, draft, session, abort });
      const printed = await runPage(runnable, {
        scope,
        data,
        isAnswered: () => draft.sent !== undefined,
        limited: (result) => running.within(result, limit),
      });
      return renderedText(scope.RESPONSE, scope.before + printed);
    } finally {
      await session.end();
      giveBack(given, session);
    }
  } finally {
    await sessions.close();
  }
}

function rooted(target: string): string {
  return target.startsWith('/') ? target : `/${target}`;
}

function urlOf(path: string, search: string, query: NonNullable<RenderOptions['query']>): URL {
  const url = new URL('http://localhost');
  url.pathname = path;
  url.search = search;
  for (const [name, given] of Object.entries(query)) {
    url.searchParams.delete(name);
    for (const value of given === undefined ? [] : [given].flat()) url.searchParams.append(name, value);
  }
  return url;
}
