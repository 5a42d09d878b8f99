// A whole SessionStore of a site's own: called so that only Problems come back, and within two seconds, but for those who
// wait for a turn.

import type {
  Change,
  Claim,
  Found,
  MaybePromise,
  Outcome,
  SessionStore,
  StoredEntry,
  StoreTurn,
} from '../../store.ts';
import { WrappedStore } from '../../wrapped-store.ts';
import { asked, refused } from '../failure.ts';
import { askedList, askedSweep } from '../foreign-lists.ts';
import { LateWorks } from '../late-work.ts';
import { AWAY_MS } from '../within-time.ts';

const SECRET_BYTES = 32;

const OUTCOMES: readonly Outcome[] = ['done', 'gone', 'lost'];

/** Passes everything on. */
export class GuardedStore extends WrappedStore<string> {
  readonly #name: string;
  readonly #late: LateWorks;

  constructor(name: string, store: SessionStore<string>) {
    super(store);
    this.#name = name;
    this.#late = new LateWorks(name);
  }

  override get secret(): Uint8Array {
    const { secret } = this.inner;
    if (secret instanceof Uint8Array && secret.length >= SECRET_BYTES) return secret;
    throw refused(this.#name, 'secret', `it must be a Uint8Array of ${SECRET_BYTES} bytes at least`);
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    await this.#late.over(key);
    const patience = { ms: claim.patience * 1000 + AWAY_MS, undo: giveBack };
    const turn = await this.#late.do(key, 'take', async () => this.inner.take(key, claim), patience);
    if (!isTurn(turn)) {
      await this.#late.do(key, 'commit', () => giveBack(turn)).catch(() => undefined);
      throw refused(this.#name, 'take', 'it must give { found, commit }');
    }
    return {
      found: turn.found,
      commit: (change) => this.#commit(key, turn, change),
    };
  }

  async read(key: string): Promise<Found<string>> {
    const found = await asked(this.#name, 'read', () => this.inner.read(key));
    if (isFound(found)) return found;
    throw refused(
      this.#name,
      'read',
      "it must give what it found: 'live' with content and deadline, 'retired', 'removed' or 'absent'",
    );
  }

  create(key: string, content: string, deadline: number): Promise<void> {
    return asked(this.#name, 'create', () => this.inner.create(key, content, deadline));
  }

  list(beginning?: string): AsyncGenerator<StoredEntry<string>> {
    return askedList(this.#name, () => this.inner.list(beginning));
  }

  override sweep(step: number, signal?: AbortSignal): Promise<number> {
    return askedSweep(this.#name, () => this.inner.sweep(step, signal));
  }

  protected override call<T>(
    method: keyof SessionStore<string>,
    work: () => MaybePromise<T>,
  ): MaybePromise<T> {
    return asked<MaybePromise<T>>(this.#name, method, work);
  }

  async #commit(key: string, turn: StoreTurn<string>, change: Change<string>): Promise<Outcome> {
    const outcome = await this.#late.do(key, 'commit', () => turn.commit(change));
    if (OUTCOMES.includes(outcome)) return outcome;
    throw refused(this.#name, 'commit', `it must give one of ${OUTCOMES.join(', ')}`);
  }
}

/** Ends a turn that is of no use: its request has gone, or it came with nonsense. */
function giveBack(turn: StoreTurn<string> | undefined): MaybePromise<Outcome> {
  return typeof turn?.commit === 'function' ? turn.commit({ kind: 'keep' }) : 'done';
}

function isTurn(turn: StoreTurn<string> | undefined): turn is StoreTurn<string> {
  return typeof turn?.commit === 'function' && isFound(turn.found);
}

/** Types of the site's own code are not to be relied on: it may be JavaScript. */
function isFound(found: Found<string> | undefined): boolean {
  switch (found?.state) {
    case 'live':
      return typeof found.content === 'string' && typeof found.deadline === 'number';
    case 'retired':
    case 'removed':
    case 'absent':
      return true;
    default:
      return false;
  }
}
