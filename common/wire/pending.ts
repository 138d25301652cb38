import { FsError } from '../errors/fs-error.ts';
import { onAbort } from '../runtime/on-abort.ts';
import type { BodyKind } from './codec.ts';
import { Deadline, type DeadlineWheel } from './deadlines.ts';
import type { Reply, RequestName } from './session.ts';

/** Where a request of ours stands. */
export type PendingState = 'waiting' | 'sent' | 'done';

/** A request of ours that has no answer yet: queued behind a full connection, or sent. */
export class Pending extends Deadline {
  readonly id: number;
  readonly name: RequestName;
  readonly replyKind: BodyKind;
  state: PendingState = 'waiting';
  /** Set while it waits: what will be sent. */
  frames: readonly Uint8Array[] | undefined;
  readonly promise: Promise<Reply<RequestName>>;
  #resolve!: (reply: Reply<RequestName>) => void;
  #reject!: (error: FsError) => void;
  readonly #wheel: DeadlineWheel;
  readonly #onGiveUp: (pending: Pending) => void;
  readonly #forget: (() => void) | undefined;
  readonly #timeoutMs: number;

  /** `onGiveUp` is called when its deadline passes or its signal aborts, before it rejects. */
  constructor(
    id: number,
    name: RequestName,
    replyKind: BodyKind,
    wheel: DeadlineWheel,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
    onGiveUp: (pending: Pending) => void,
  ) {
    super();
    this.id = id;
    this.name = name;
    this.replyKind = replyKind;
    this.#wheel = wheel;
    this.#onGiveUp = onGiveUp;
    this.#timeoutMs = options.timeoutMs;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#forget = options.signal && onAbort(options.signal, () => this.#giveUp('ECANCELED', 'cancelled by the caller'));
    wheel.add(this, options.timeoutMs);
  }

  resolve(reply: Reply<RequestName>): void {
    this.#finish();
    this.#resolve(reply);
  }

  reject(error: FsError): void {
    this.#finish();
    this.#reject(error);
  }

  override onDeadline(): void {
    this.#giveUp('ETIMEDOUT', `no answer within ${this.#timeoutMs} ms`);
  }

  #giveUp(code: 'ECANCELED' | 'ETIMEDOUT', why: string): void {
    if (this.state === 'done') return;
    const retry = this.state === 'sent' ? 'maybe-applied' : 'safe';
    this.#onGiveUp(this);
    this.reject(new FsError(code, `${this.name}: ${why}`, { retry }));
  }

  #finish(): void {
    this.state = 'done';
    this.frames = undefined;
    this.#wheel.remove(this);
    this.#forget?.();
  }
}
