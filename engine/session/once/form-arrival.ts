// The types of the arrivals of a form with a token (docs/exactly-once.md). http/ reads forms; stored-forms.ts makes the arrivals.

import type { LockRequest, MaybePromise } from '../session-store.ts';

/** One arrival of a form, as http/ has read it. */
export interface ArrivedForm extends Pick<LockRequest, 'page' | 'timeoutSeconds' | 'signal'> {
  /** The token that was printed into the form. */
  readonly token: string;
  /** The digest of its address, fields and uploads: with other fields, the same token is another form. */
  readonly digest: string;
}

/** The part of a response that other arrivals of its form get. */
export interface FormOutcome {
  readonly status: number;
  /** The target of the redirect; undefined: the page runs for other arrivals as well, and knows that the work is done. */
  readonly location: string | undefined;
  /** The values of its Set-Cookie headers. */
  readonly cookies: readonly string[];
}

/** The state of a form when an arrival has acquired its lock. */
export type EarlierArrivals =
  /** None has begun its work, or its work was refused. */
  | { readonly kind: 'none' }
  | { readonly kind: 'done'; readonly outcome: FormOutcome }
  /** One has begun its work, and it is not known how far it came. `target`: where its page wants the visitor to look. */
  | { readonly kind: 'unsure'; readonly target: string | undefined };

/** The arrival that runs. Other arrivals of the form wait until its end. */
export interface FormArrival {
  readonly earlier: EarlierArrivals;
  /**
   * Notes that the work begins. Until `end()` notes its outcome, the form is unsure.
   * @param target the path of a page where visitors see what became of their work
   * @throws (rejects with) Problem `once-unsure` if another arrival has begun its work meanwhile, and the Problems of the store
   */
  begin(target: string | undefined): Promise<void>;
  /**
   * Ends the arrival, so that the next one goes on. Called once.
   * @param end 'refused' forgets that the work has begun; 'unsure' changes nothing
   */
  end(end: FormOutcome | 'refused' | 'unsure'): MaybePromise<void>;
}

/** The forms that have arrived at a site. */
export interface FormEntries {
  /**
   * Waits for the arrivals of the same form before this one.
   * @throws (rejects with) Problem `once-waiting` after `timeoutSeconds`, and the Problems of the store
   */
  arrive(form: ArrivedForm): Promise<FormArrival>;
}
