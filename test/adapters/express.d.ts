// Types of the parts of Express 5 that the tests use, because Express brings none.

declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Response extends ServerResponse {
    readonly locals: Record<string, unknown>;
    status(code: number): this;
    send(body: unknown): this;
    render(view: string, locals?: object, done?: (error: unknown, html?: string) => void): void;
  }

  type Done = (error: unknown, html?: string) => void;
  type Next = (error?: unknown) => void;
  export type Handler = (request: IncomingMessage, response: Response, next: Next) => unknown;
  type ErrorHandler = (error: unknown, request: IncomingMessage, response: Response, next: Next) => unknown;

  export interface Express {
    (request: IncomingMessage, response: ServerResponse, next?: Next): void;
    readonly locals: Record<string, unknown>;
    engine(ending: string, engine: (file: string, options: object, done: Done) => void): this;
    set(name: string, value: unknown): this;
    use(handler: Handler | ErrorHandler | Express): this;
    use(path: string, handler: Handler | Express): this;
    get(path: string, handler: Handler): this;
    post(path: string, handler: Handler): this;
    render(view: string, locals: object, done: Done): void;
  }

  const express: {
    (): Express;
    urlencoded(options?: object): Handler;
  };
  export default express;
}
