// An editor for tests: starts the language server of editors/vscode/server and speaks the language server protocol with
// it over stdio. It waits for answers and never for a fixed time.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** A position as the protocol counts it: from 0. */
export interface LspRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** One error or warning. */
export interface LspDiagnostic {
  readonly range: LspRange;
  readonly severity: number;
  readonly code: number | string;
  readonly source: string;
  readonly message: string;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[]; readonly message?: string };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The server with its editor. */
export class LanguageClient {
  readonly #server: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #versions = new Map<string, number>();
  /** The messages of the server in the log of the editor. */
  readonly logged: string[] = [];
  #received = Buffer.alloc(0);
  #count = 0;
  #hasEnded = false;

  constructor(main: string) {
    this.#server = spawn(process.execPath, [main, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#server.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#server.on('exit', (code) => {
      this.#hasEnded = true;
      for (const { reject } of this.#waiting.values()) reject(new Error(`the server has ended with ${code}`));
    });
  }

  /** Starts a server for a workspace. */
  static async start(main: string, folder: string): Promise<LanguageClient> {
    const client = new LanguageClient(main);
    const uri = pathToFileURL(folder).href;
    await client.request('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'test' }],
      capabilities: {
        workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
        textDocument: { diagnostic: {}, completion: { completionItem: { snippetSupport: true } } },
      },
    });
    client.notify('initialized', {});
    return client;
  }

  async stop(): Promise<void> {
    await this.request('shutdown', undefined);
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    this.notify('exit', undefined);
    await ended;
  }

  /** Opens a file, or changes it in the editor. */
  type(file: string, text = readFileSync(file, 'utf8')): void {
    const uri = pathToFileURL(file).href;
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    if (version === 1) {
      this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'pih', version, text } });
    } else {
      this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    }
  }

  async diagnostics(file: string): Promise<LspDiagnostic[]> {
    const textDocument = { uri: pathToFileURL(file).href };
    const found = await this.request<{ items: LspDiagnostic[] }>('textDocument/diagnostic', { textDocument });
    return found.items;
  }

  /** Sends a request about the position of a `|` in a text. The text is typed without it. */
  async at<Result>(method: string, file: string, marked: string): Promise<Result> {
    const before = marked.slice(0, marked.indexOf('|'));
    this.type(file, marked.replace('|', ''));
    const lines = before.split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    return this.request<Result>(method, { textDocument: { uri: pathToFileURL(file).href }, position });
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    if (this.#hasEnded) return Promise.reject(new Error('the server has ended'));
    const id = ++this.#count;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#send({ id, method, params });
    return answered as Promise<Result>;
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('utf8', 0, head))?.[1]);
      const end = head + 4 + length;
      if (this.#received.length < end) return;
      const body = this.#received.toString('utf8', head + 4, end);
      this.#received = this.#received.subarray(end);
      this.#receive(JSON.parse(body));
    }
  }

  /** Requests of the server ask for settings, of which a test has none, or need an empty answer. */
  #receive({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      if (method === 'window/logMessage') this.logged.push(params?.message ?? '');
      if (id !== undefined) this.#send({ id, result: params?.items?.map(() => null) ?? null });
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    if (error !== undefined) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
