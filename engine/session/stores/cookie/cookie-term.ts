// How long an entry in a cookie lives, as it is sealed: in front of the content, or alone in the second cookie.

/** Milliseconds since 1970. */
export interface Term {
  /** The session's deadline; 0: never. */
  readonly deadline: number;
  /** Until when the browser keeps the cookies; 0: until it closes. */
  readonly until: number;
  /** When these were set: of two terms of one entry the later one holds. */
  readonly since: number;
}

/** The term as text. */
export function termText({ deadline, until, since }: Term): string {
  return JSON.stringify([deadline, until, since]);
}

/** The term of a text. */
export function termOf(text: string): Term {
  const [deadline = 0, until = 0, since = 0]: number[] = JSON.parse(text);
  return { deadline, until, since };
}

/** What stands in front of a content: its term, and when the content was sealed. The term may be older. */
export function headText({ deadline, until, since }: Term, sealed: number): string {
  return JSON.stringify([deadline, until, since, sealed]);
}

/** When the content behind this text was sealed. */
export function sealedAt(text: string): number {
  const [, , since = 0, sealed = since]: number[] = JSON.parse(text);
  return sealed;
}

/** The one that was set last. */
export function laterTerm(own: Term, beside: Term): Term {
  return beside.since > own.since ? beside : own;
}

/** Whether one of its ends is past. */
export function isOver({ deadline, until }: Term, now: number): boolean {
  return [deadline, until].some((end) => end !== 0 && end <= now);
}
