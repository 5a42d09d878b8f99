// A running request keeps its session from being evicted: over a store that evicts, its entry is pinned from when it is
// found or begun until the request has ended, also under the id that regenerate() gave.

import type { SessionState } from './session-state.ts';

/** Pins the stored entry; `hasReturned`: its cookie came with this request. */
export function pin(state: SessionState, hasReturned: boolean): void {
  const { store } = state.site;
  if (store.pin === undefined || state.pinned === state.key) return;
  const before = state.pinned;
  state.pinned = store.pin(state.key, hasReturned) ? state.key : undefined;
  if (before !== undefined) store.unpin?.(before);
}

export function unpin(state: SessionState): void {
  const { pinned } = state;
  if (pinned === undefined) return;
  state.pinned = undefined;
  state.site.store.unpin?.(pinned);
}
