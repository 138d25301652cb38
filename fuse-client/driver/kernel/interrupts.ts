import { isDying } from './credentials.ts';

const watchIntervalMs = 100;
/** A harmless request interrupted by a signal that doesn't kill is given up after it has taken this long. */
const patienceMs = 2000;

/** A request under way that may be told EINTR. */
export interface Interruptible {
  readonly pid: number;
  readonly startedMs: number;
  /** It changes nothing. */
  readonly harmless: boolean;
  /** Answers it EINTR. */
  giveUp(): void;
}

/**
 * What becomes of a request whose caller got a signal. The kernel says so once and goes on waiting for the answer, so:
 * a caller that is being killed is let go at once, whatever the request (it never sees the answer); any other is let
 * go only from a long wait for something that changes nothing, since programs don't expect EINTR of files, and those
 * whose runtime sends signals all the time would see it at random.
 */
export class Interrupts {
  readonly #watched = new Set<Interruptible>();
  #timer: NodeJS.Timeout | undefined;

  interrupt(request: Interruptible): void {
    if (this.#letGo(request)) return;
    this.#watched.add(request);
    this.#timer ??= setInterval(() => this.#look(), watchIntervalMs);
  }

  /** It was answered. */
  settled(request: Interruptible): void {
    if (this.#watched.delete(request) && this.#watched.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const request of this.#watched) {
      if (this.#letGo(request)) this.settled(request);
    }
  }

  #letGo(request: Interruptible): boolean {
    const tookLong = request.harmless && performance.now() - request.startedMs > patienceMs;
    if (!tookLong && !isDying(request.pid)) return false;
    request.giveUp();
    return true;
  }
}
