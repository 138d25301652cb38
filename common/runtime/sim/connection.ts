/**
 * One simulated connection: two ends, a queue of frames each way.
 * @module
 */
import type { Address, Connection, ConnectionHandlers } from '../network.ts';
import type { SimMedium, SimPlace } from './parts.ts';

/** Where one end lives. */
export interface EndPlace {
  readonly node: SimPlace;
  readonly life: number;
  readonly address: Address;
}

type Item =
  | { readonly kind: 'frames'; readonly frames: readonly Buffer[]; readonly sources: readonly Uint8Array[]; readonly bytes: number }
  | { readonly kind: 'close'; readonly reason: string };

export class SimPipe {
  readonly connected: Connection;
  readonly accepted: Connection;
  readonly #ends: readonly [SimEnd, SimEnd];
  readonly #onEnd: (pipe: SimPipe) => void;

  /** `onEnd` is called when nothing is left of it. */
  constructor(fabric: SimMedium, from: EndPlace, to: EndPlace, onEnd: (pipe: SimPipe) => void) {
    this.#onEnd = onEnd;
    const client = new SimEnd(fabric, this, from, to.address);
    const server = new SimEnd(fabric, this, to, from.address);
    client.peer = server;
    server.peer = client;
    this.#ends = [client, server];
    this.connected = client;
    this.accepted = server;
  }

  joins(a: string, b: string): boolean {
    const [x, y] = this.#ends.map((end) => end.place.node.name);
    return (x === a && y === b) || (x === b && y === a);
  }

  /** Both ends learn of it; what is under way is lost. */
  break(reason: string): void {
    for (const end of this.#ends) end.lose(reason, 0);
  }

  pump(): void {
    for (const end of this.#ends) end.pump();
  }

  /** Whether an end has some of those bytes still to send. */
  sends(bytes: Uint8Array): boolean {
    return this.#ends.some((end) => end.sends(bytes));
  }

  nodeDied(node: SimPlace): void {
    for (const end of this.#ends) {
      if (end.place.node !== node) continue;
      end.drop();
      // A dead process's kernel resets its connections; a dead machine says nothing.
      if (!node.machineDown) end.peer.loseWhenReached('connection lost');
    }
  }

  /** @internal */
  ended(): void {
    if (this.#ends.every((end) => end.over)) this.#onEnd(this);
  }
}

class SimEnd implements Connection {
  readonly remoteAddress: Address;
  readonly place: EndPlace;
  peer!: SimEnd;
  readonly #fabric: SimMedium;
  readonly #pipe: SimPipe;
  #handlers: ConnectionHandlers | undefined;
  /** What we sent and the peer has not received, oldest first. */
  #outgoing: { readonly item: Item; readonly dueMs: number }[] = [];
  #outgoingBytes = 0;
  #lastDueMs = 0;
  #pumpScheduled = false;
  #wasFull = false;
  #paused = false;
  #over = false;
  /** Set when the far process died behind a partition: told once bytes can pass again. */
  #lostReason: string | undefined;

  constructor(fabric: SimMedium, pipe: SimPipe, place: EndPlace, remoteAddress: Address) {
    this.#fabric = fabric;
    this.#pipe = pipe;
    this.place = place;
    this.remoteAddress = remoteAddress;
  }

  get over(): boolean {
    return this.#over;
  }

  get bufferedBytes(): number {
    return Math.max(0, this.#outgoingBytes - this.#fabric.faults.windowBytes);
  }

  setHandlers(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.peer.pump();
  }

  send(frames: readonly Uint8Array[]): void {
    if (this.#over || !this.place.node.isLife(this.place.life)) return;
    let bytes = 0;
    // Copies: the sender may change its bytes after the reply, the receiver keeps what it got.
    const copies = frames.map((frame) => {
      bytes += frame.length;
      return Buffer.from(frame);
    });
    this.#enqueue({ kind: 'frames', frames: copies, sources: frames, bytes }, bytes);
    if (this.bufferedBytes > 0) this.#wasFull = true;
    const { resetProbability } = this.#fabric.faults;
    if (resetProbability > 0 && this.#fabric.random.chance(resetProbability)) this.#pipe.break('connection reset');
  }

  sends({ buffer, byteOffset, length }: Uint8Array): boolean {
    return this.#outgoing.some(
      ({ item }) =>
        item.kind === 'frames' &&
        item.sources.some(
          (source) => source.buffer === buffer && source.byteOffset < byteOffset + length && byteOffset < source.byteOffset + source.length,
        ),
    );
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.peer.pump();
  }

  close(reason: string): void {
    if (this.#over) return;
    this.#enqueue({ kind: 'close', reason }, 0);
    this.#finish(reason);
  }

  /** Delivers what is due and can pass. */
  pump(): void {
    if (this.#pumpScheduled) return;
    const head = this.#outgoing[0];
    if (head === undefined && this.#lostReason === undefined) return;
    const { world } = this.#fabric;
    this.#pumpScheduled = true;
    world.schedule(
      Math.max(0, (head?.dueMs ?? 0) - world.nowMs),
      `${this.place.node.name}>${this.peer.place.node.name}:${head === undefined ? 'lost' : head.item.kind === 'close' ? 'close' : head.item.bytes}`,
      () => {
        this.#pumpScheduled = false;
        this.#deliver();
      },
    );
  }

  /** This end's process is gone. */
  drop(): void {
    this.#over = true;
    this.#outgoing = [];
    this.#pipe.ended();
  }

  /** The connection broke: this end hears of it after `delayMs`. */
  lose(reason: string, delayMs: number): void {
    if (this.#over) return;
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    this.place.node.schedule(delayMs, 'reset', () => this.#finish(reason), this.place.life);
  }

  /** The far process died: this end hears of it when its kernel's reset can pass. */
  loseWhenReached(reason: string): void {
    const from = this.peer.place.node;
    if (this.#over) return;
    if (this.#fabric.passes(from, this.place.node)) this.lose(reason, this.#fabric.delayMs(0));
    else {
      this.peer.#lostReason = reason;
      this.peer.#over = false; // keeps the pipe until the reset is delivered
    }
  }

  #enqueue(item: Item, bytes: number): void {
    const dueMs = Math.max(this.#lastDueMs, this.#fabric.world.nowMs + this.#fabric.delayMs(bytes));
    this.#lastDueMs = dueMs;
    this.#outgoing.push({ item, dueMs });
    this.#outgoingBytes += bytes;
    this.pump();
  }

  #deliver(): void {
    const { peer } = this;
    const target = peer.place.node;
    if (!this.#fabric.passes(this.place.node, target)) return; // pumped again on healing
    if (this.#lostReason !== undefined) {
      const reason = this.#lostReason;
      this.#lostReason = undefined;
      this.#over = true;
      peer.lose(reason, 0);
      return;
    }
    const head = this.#outgoing[0];
    if (head !== undefined && !this.#over && !target.machineDown && !target.isLife(peer.place.life)) {
      // Its machine is up and knows nothing of this connection: a reset comes back.
      this.#outgoing = [];
      if (this.#fabric.passes(target, this.place.node)) this.lose('connection reset', this.#fabric.delayMs(0));
      return;
    }
    if (head === undefined || peer.#over || peer.#paused || peer.#handlers === undefined) return;
    this.#outgoing.shift();
    if (head.item.kind === 'frames') this.#outgoingBytes -= head.item.bytes;
    target.schedule(0, 'receive', () => peer.#receive(head.item), peer.place.life);
    if (this.#wasFull && this.bufferedBytes === 0 && !this.#over) {
      this.#wasFull = false;
      this.place.node.schedule(0, 'drain', () => this.#handlers?.onDrain?.(), this.place.life);
    }
    this.pump();
  }

  #receive(item: Item): void {
    if (this.#over) return;
    if (item.kind === 'close') this.#finish(item.reason);
    else {
      for (const frame of item.frames) {
        this.#fabric.delivered(frame);
        this.#handlers?.onFrame(frame);
        if (this.over) return;
      }
    }
  }

  #finish(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#handlers?.onClose(reason);
    this.#pipe.ended();
  }
}
