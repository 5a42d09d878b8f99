// The configuration's keys: their types, defaults and documentation in one place (SPEC section 3 in the contract).

/** How a session's cookie is sent. `timeout` in seconds; null: until the browser closes. */
export interface SessionCookieConfig {
  readonly name: string;
  readonly path: string;
  readonly domain: string | null;
  readonly secure: boolean | 'auto';
  readonly http_only: boolean;
  readonly same_site: 'strict' | 'lax' | 'none';
  readonly timeout: number | null;
}

/** How long sessions live (seconds) and how they behave. */
export interface SessionConfig {
  readonly timeout: number;
  readonly max_age: number;
  readonly remember_me_timeout: number;
  readonly force: boolean;
  readonly missing: 'throw' | 'undefined';
  readonly lock_timeout: number;
  readonly cookie: SessionCookieConfig;
}

/** Limits of a request; sizes in bytes once loaded ("1mb" in the file), timeouts in seconds. */
export interface LimitsConfig {
  readonly body: number;
  readonly upload: number;
  readonly fields: number;
  readonly field_name: number;
  readonly field_size: number;
  readonly files: number;
  readonly header_timeout: number;
  readonly request_timeout: number;
}

/** `persistent_session` as an object: `store` names it, the rest are that store's options. */
export interface StoreConfig {
  readonly store: string;
  readonly [option: string]: unknown;
}

/** The effective configuration: every key present, paths absolute. */
export interface Config {
  readonly root_dir: string;
  readonly host: string;
  readonly port: number;
  readonly workers: number | 'auto';
  readonly debug: boolean;
  readonly watch: boolean;
  readonly trust_proxy: boolean | readonly string[];
  readonly persistent_session: boolean | StoreConfig;
  readonly max_sessions: number;
  readonly session: SessionConfig;
  readonly limits: LimitsConfig;
  readonly log: 'text' | 'json' | 'combined' | false;
  readonly cross_site: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly static: Readonly<Record<string, unknown>>;
  readonly editor: string | null;
  readonly error_pages: Readonly<Record<string, string>>;
}
