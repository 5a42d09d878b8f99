// The thread in which a test's debugger runs: the main thread stands still at a breakpoint, so somebody else must let it
// go on. Commands come as messages; every stop is told, with what was asked for about it, once the main thread runs again.

import { type Debugger, Session } from 'node:inspector';
import { parentPort } from 'node:worker_threads';

const session = new Session();
session.connectToMainThread();

session.on('Debugger.scriptParsed', ({ params }) => parentPort?.postMessage({ script: params }));
session.on('Debugger.paused', ({ params }) => {
  const [frame] = params.callFrames;
  const names = frame?.scopeChain.find(({ type }) => type === 'local')?.object.objectId;
  const goOn = (locals: unknown) => {
    session.post('Debugger.resume');
    parentPort?.postMessage({ stop: { frame, locals } });
  };
  if (names === undefined) return goOn([]);
  session.post('Runtime.getProperties', { objectId: names }, (_error, found) => goOn(found?.result ?? []));
});

/** A command of the inspector protocol that takes part in these tests. */
export type Command =
  | { readonly method: 'Debugger.enable' }
  | { readonly method: 'Debugger.setBreakpoint'; readonly params: Debugger.SetBreakpointParameterType }
  | {
      readonly method: 'Debugger.setBreakpointByUrl';
      readonly params: Debugger.SetBreakpointByUrlParameterType;
    }
  | { readonly method: 'Debugger.disable' };

parentPort?.on('message', (command: Command) => {
  const answer = (error: Error | null, result?: unknown) =>
    parentPort?.postMessage({ answer: { error: error?.message, result } });
  if (command.method === 'Debugger.setBreakpoint') session.post(command.method, command.params, answer);
  else if (command.method === 'Debugger.setBreakpointByUrl')
    session.post(command.method, command.params, answer);
  else session.post(command.method, answer);
});
