// The form in the body of a request: the part of it that was read, and the state of its work (docs/exactly-once.md).

import type { FormArrival } from '../session/index.ts';
import type { RefusedFields } from './refused-fields.ts';
import type { BodyReading } from './send-again/body-reading.ts';

/** The form of one request. Steps leave their results in it. */
export class ReceivedForm {
  /** The part of the body that was read, if its fields may be shown to be sent again. */
  readonly reading: BodyReading | undefined;
  /** The fields that were over a limit, if the page has Form. */
  readonly refused_fields: RefusedFields | undefined;
  /** The token of the form. */
  token: string | undefined = undefined;
  /** Whether an earlier arrival of the form has done the work. */
  work_done = false;
  /** The arrival that may do the work. Other arrivals of the form wait for its end. */
  arrival: FormArrival | undefined = undefined;
  /** Fulfilled when it is noted that the work of this arrival begins; undefined if the page has not called Once(). */
  work: Promise<void> | undefined = undefined;
  /** Whether that is noted. If the request fails then, it is not certain how far the work came. */
  has_begun = false;

  constructor(reading: BodyReading | undefined, refused_fields: RefusedFields | undefined) {
    this.reading = reading;
    this.refused_fields = refused_fields;
  }
}
