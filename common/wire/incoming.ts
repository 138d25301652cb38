import type { DecodedEnvelope } from './codec.ts';
import { Deadline, type DeadlineWheel } from './deadlines.ts';
import type { IncomingRequest, RequestName, Session } from './session.ts';

/** A request being answered. The abort signal is made only for handlers that look at it. */
export class Incoming extends Deadline implements IncomingRequest<RequestName> {
  readonly session: Session;
  readonly message: never;
  readonly payload: readonly Buffer[];
  readonly id: number;
  /** What it counts against the connection's limit. */
  readonly bytes: number;
  readonly #wheel: DeadlineWheel;
  readonly #deadlineMs: number;
  #controller: AbortController | undefined;
  #aborted: string | undefined;

  constructor(session: Session, envelope: DecodedEnvelope, payload: readonly Buffer[], bytes: number, wheel: DeadlineWheel) {
    super();
    this.session = session;
    this.message = envelope.body as never;
    this.payload = payload;
    this.id = envelope.id;
    this.bytes = bytes;
    this.#wheel = wheel;
    this.#deadlineMs = envelope.deadlineMs;
  }

  /** The sender's deadline is counted from the first look, which is not long after the request came. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted);
      else if (this.#deadlineMs > 0) this.#wheel.add(this, this.#deadlineMs);
    }
    return this.#controller.signal;
  }

  abort(reason: string): void {
    this.#wheel.remove(this);
    this.#aborted ??= reason;
    this.#controller?.abort(reason);
  }

  override onDeadline(): void {
    this.abort('its deadline passed');
  }

  /** Answered: nothing aborts it any more. */
  finish(): void {
    this.#wheel.remove(this);
    this.#aborted ??= 'answered';
  }
}
