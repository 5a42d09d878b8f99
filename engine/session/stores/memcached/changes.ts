// What becomes of an entry when its turn ends. What was read is changed by its unique, in the trip that gives the lock back:
// a write by somebody else meanwhile is never overwritten, and what the server has forgotten is not written back.

import { isAway } from '../../away.ts';
import type { Change, Outcome } from '../../store.ts';
import { type Command, drop, replace, set } from './commands.ts';
import type { MemcachedEntries } from './entries.ts';
import { exptime, isOver, liveText, tombstoneText } from './entry.ts';
import type { MemcachedKeys } from './keys.ts';
import type { MemcachedServers } from './servers.ts';
import type { MemcachedTurn, MemcachedTurns } from './turns.ts';

/** What is damaged stays so long for the operator. */
const DAMAGED_S = 30 * 86_400;

/** What is done only to an entry that is live. */
type ChangeOfLive = Extract<Change<string>, { kind: 'touch' | 'write' | 'move' }>;

/** What changes are made with. */
export interface ChangesParts {
  readonly servers: MemcachedServers;
  readonly keys: MemcachedKeys;
  readonly entries: MemcachedEntries;
  readonly turns: MemcachedTurns;
  readonly now: () => number;
}

/** Makes changes, and ends the turns that they belong to. */
export class MemcachedChanges {
  readonly #parts: ChangesParts;

  constructor(parts: ChangesParts) {
    this.#parts = parts;
  }

  async commit(turn: MemcachedTurn, change: Change<string>): Promise<Outcome> {
    this.#parts.turns.forget(turn);
    try {
      return await this.#perform(turn, change);
    } catch (error) {
      // What the server refused must not keep others waiting until the lock runs out.
      if (!isAway(error)) await this.#endWith(turn).catch(() => {});
      throw error;
    }
  }

  async #perform(turn: MemcachedTurn, change: Change<string>): Promise<Outcome> {
    switch (change.kind) {
      case 'keep':
        await this.#endWith(turn);
        return 'done';
      case 'create':
        return this.#put(turn, liveText(change.content, change.deadline), change.deadline);
      case 'end':
        return this.#bury(turn, tombstoneText('retired', change.until), change.until);
      case 'remove':
        return this.#bury(turn, tombstoneText('removed', change.until), change.until);
      case 'set-aside':
        return this.#setAside(turn);
      default:
        return this.#changeLive(turn, change);
    }
  }

  async #changeLive(turn: MemcachedTurn, change: ChangeOfLive): Promise<Outcome> {
    const { entries, turns } = this.#parts;
    if (!(await this.#isLive(turn))) {
      await this.#endWith(turn);
      return 'gone';
    }
    switch (change.kind) {
      case 'touch':
        return entries.prolong(turn.key, turn.entry, change.deadline, [turns.release(turn)]);
      case 'write':
        return this.#put(turn, liveText(change.content, change.deadline), change.deadline);
      case 'move':
        return this.#move(turn, change);
    }
  }

  /** Whether what was read is not over by now; its deadline may have been moved meanwhile. */
  async #isLive({ key, entry }: MemcachedTurn): Promise<boolean> {
    if (entry.found.state !== 'live') return false;
    if (!isOver(entry.deadline, this.#parts.now())) return true;
    return (await this.#parts.entries.read(key)).found.state === 'live';
  }

  /** Sends commands that belong to a turn, and ends it; the word of the first answer. */
  async #endWith(turn: MemcachedTurn, ...commands: readonly Command[]): Promise<string> {
    const { servers, turns } = this.#parts;
    const [first] = await servers.of(turn.key).send([...commands, turns.release(turn)]);
    return first?.word ?? '';
  }

  /** Writes in place of what was read. */
  async #put(turn: MemcachedTurn, value: string, deadline: number): Promise<Outcome> {
    const { keys, now } = this.#parts;
    const { unique } = turn.entry;
    const seconds = exptime(deadline, now());
    return outcomeOf(await this.#endWith(turn, replace(keys.data(turn.key), unique, value, seconds)));
  }

  /** A tombstone also stands where the server has forgotten what was read. */
  async #bury(turn: MemcachedTurn, text: string, until: number): Promise<Outcome> {
    const { servers, keys, now } = this.#parts;
    const outcome = await this.#put(turn, text, until);
    if (outcome !== 'gone') return outcome;
    const seconds = exptime(until, now());
    const tombstone = replace(keys.data(turn.key), undefined, text, seconds);
    const [reply] = await servers.of(turn.key).send([tombstone]);
    return outcomeOf(reply?.word ?? '');
  }

  async #remove(turn: MemcachedTurn): Promise<Outcome> {
    const { unique } = turn.entry;
    const data = this.#parts.keys.data(turn.key);
    const word = await this.#endWith(turn, ...(unique === undefined ? [] : [drop(data, unique)]));
    return unique === undefined ? 'gone' : outcomeOf(word);
  }

  async #setAside(turn: MemcachedTurn): Promise<Outcome> {
    const { servers, keys } = this.#parts;
    const { found } = turn.entry;
    const damaged = found.state === 'live' ? found.content : '';
    await servers.of(turn.key).send([set(keys.damaged(turn.key), damaged, DAMAGED_S)]);
    return this.#remove(turn);
  }

  /** The new entry first: nobody knows its key until the old one is retired, and what is left over ends in time. */
  async #move(
    turn: MemcachedTurn,
    { to, content, deadline, until }: Extract<ChangeOfLive, { kind: 'move' }>,
  ): Promise<Outcome> {
    const { entries } = this.#parts;
    await entries.create(to, content, deadline);
    const outcome = await this.#put(turn, tombstoneText('retired', until), until);
    if (outcome !== 'done') await entries.remove(to);
    return outcome;
  }
}

function outcomeOf(word: string): Outcome {
  if (word === 'STORED') return 'done';
  return word === 'NOT_FOUND' ? 'gone' : 'lost';
}
