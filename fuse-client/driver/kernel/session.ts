import { Opcode, requestHeaderBytes as head, joinU64, replyHeaderBytes } from './abi.ts';
import { BusyPoll } from './busy-poll.ts';
import { Callers } from './credentials.ts';
import type { FuseDevice } from './device.ts';
import { Interrupts } from './interrupts.ts';
import type { Interruptible } from './interrupts.ts';
import { negotiate, writeInitReply } from './negotiation.ts';
import type { Negotiated, NegotiationOptions } from './negotiation.ts';
import { Context } from './operation.ts';
import type { AnyOperation } from './operation.ts';
import { operationTable } from './operation-table.ts';
import { Reply } from './reply.ts';
import { Request, RequestBuffer } from './request.ts';
import { AssertionError } from '../../../common/errors/assert.ts';
import { errorTable, FsError, toFsError } from '../../../common/errors/fs-error.ts';
import type { Ino } from '../../../common/maps/ids.ts';
import type { Log } from '../../../common/runtime/log.ts';
import type { Filesystem } from '../../vfs/filesystem.ts';

export interface SessionOptions extends NegotiationOptions {
  /** Requests under way at which no more are read. */
  readonly requestsMax: number;
  /** Bytes of requests under way at which no more are read. */
  readonly requestBytesMax: number;
  readonly log: Log;
}

/** A request whose answer is not there yet. */
interface Pending extends Interruptible {
  readonly operation: AnyOperation;
  readonly uniqueLow: number;
  readonly uniqueHigh: number;
  /** Kept because the operation uses the data in it. */
  readonly buffer: RequestBuffer | undefined;
  readonly bytes: number;
  answered: boolean;
  /** Of an operation that waits for other processes: ends the wait. */
  readonly wait: AbortController | undefined;
}

/**
 * One connection with the kernel: takes requests from the device, has the filesystem do them, sends the replies.
 * Everything runs on the main thread; what the filesystem answers at once is on its way back before the next request
 * is read.
 */
export class Session {
  readonly context: Context;
  readonly #device: FuseDevice;
  readonly #options: SessionOptions;
  readonly #onNegotiated: (result: Negotiated | FsError) => void;
  readonly #callers = new Callers();
  readonly #reply = new Reply();
  readonly #replyHeader: Uint8Array;
  readonly #request: Request;
  readonly #interrupts = new Interrupts();
  readonly #busyPoll = new BusyPoll();
  readonly #pending = new Map<number, Pending>();
  #pendingBytes = 0;
  /** Those that wait for other processes, whose requests must go on being read. */
  #waits = 0;
  #paused = false;
  #ended: Promise<void> | undefined;

  constructor(device: FuseDevice, filesystem: Filesystem, onNegotiated: (result: Negotiated | FsError) => void, options: SessionOptions) {
    this.#device = device;
    this.#options = options;
    this.#onNegotiated = onNegotiated;
    this.context = new Context(filesystem);
    this.#request = new Request(new RequestBuffer(0), this.#callers.get(0, 0, 0));
    this.#replyHeader = this.#reply.bytes.subarray(0, replyHeaderBytes);
  }

  /** Handles one request. True when its buffer stays in use: it is recycled later. */
  onRequest(buffer: RequestBuffer): boolean {
    const request = this.#request;
    const words = buffer.words;
    request.load(buffer);
    this.#busyPoll.hit();
    const operation = operationTable[request.opcode];
    if (operation === undefined) {
      this.#control(request);
      return false;
    }
    if (this.#ended !== undefined) {
      this.#sendError(request.uniqueLow, request.uniqueHigh, errorTable.ESHUTDOWN.errno);
      return false;
    }
    request.who = this.#callers.get(words[6] as number, words[7] as number, words[8] as number);
    request.node = this.context.inode(request.node);
    const { uniqueLow, uniqueHigh } = request;
    const wait = operation.waits === true ? new AbortController() : undefined;
    let result: unknown;
    try {
      result = operation.run(this.context, request, wait?.signal);
    } catch (error) {
      this.#fail(uniqueLow, uniqueHigh, error);
      this.#stayAwake();
      return false;
    }
    if (!(result instanceof Promise)) {
      this.#succeed(operation, uniqueLow, uniqueHigh, result);
      this.#stayAwake();
      return false;
    }
    const keepBuffer = request.opcode === Opcode.write;
    this.#await(operation, request, keepBuffer ? buffer : undefined, result, wait);
    return keepBuffer;
  }

  /** The mount is over: whatever is under way or still comes is refused, what is open is released. */
  end(): Promise<void> {
    this.#ended ??= this.#releaseAll();
    return this.#ended;
  }

  #await(
    operation: AnyOperation,
    request: Request,
    buffer: RequestBuffer | undefined,
    result: Promise<unknown>,
    wait: AbortController | undefined,
  ): void {
    const { uniqueLow, uniqueHigh } = request;
    const unique = joinU64(uniqueLow, uniqueHigh);
    const pending: Pending = {
      operation,
      uniqueLow,
      uniqueHigh,
      buffer,
      bytes: buffer ? request.lengthBytes : 0,
      answered: false,
      wait,
      pid: request.who.pid,
      startedMs: performance.now(),
      harmless: operation.harmless === true,
      giveUp: () => this.#giveUp(unique, pending),
    };
    this.#pending.set(unique, pending);
    this.#pendingBytes += pending.bytes;
    if (wait !== undefined) this.#waits += 1;
    this.#busyPoll.end();
    if (this.#working >= this.#options.requestsMax || this.#pendingBytes >= this.#options.requestBytesMax) this.#pause();
    result.then(
      (value) => {
        this.#settle(unique, pending);
        if (pending.answered) this.#discard(operation, value);
        else {
          this.#succeed(operation, uniqueLow, uniqueHigh, value);
          this.#stayAwake();
        }
      },
      (error: unknown) => {
        this.#settle(unique, pending);
        if (!pending.answered) this.#fail(uniqueLow, uniqueHigh, error);
      },
    );
  }

  #settle(unique: number, pending: Pending): void {
    this.#forget(unique, pending);
    this.#pendingBytes -= pending.bytes;
    this.#interrupts.settled(pending);
    if (pending.buffer) this.#device.recycle(pending.buffer);
    if (this.#paused && this.#working < this.#options.requestsMax / 2 && this.#pendingBytes < this.#options.requestBytesMax / 2) {
      this.#paused = false;
      this.#device.resume();
    }
  }

  #pause(): void {
    this.#paused = true;
    this.#device.pause();
  }

  #stayAwake(): void {
    if (this.#working === 0) this.#busyPoll.extend();
  }

  /** Requests under way, without those that wait for what others will ask for. */
  get #working(): number {
    return this.#pending.size - this.#waits;
  }

  #forget(unique: number, pending: Pending): void {
    if (this.#pending.delete(unique) && pending.wait !== undefined) this.#waits -= 1;
  }

  #succeed(operation: AnyOperation, uniqueLow: number, uniqueHigh: number, result: unknown): void {
    const reply = this.#reply;
    let delivered: boolean;
    try {
      const bodyBytes = operation.encode === undefined ? 0 : operation.encode(this.context, reply, result);
      const length = reply.finish(uniqueLow, uniqueHigh, 0, bodyBytes);
      const pieces = reply.pieces;
      reply.pieces = undefined;
      delivered = pieces === undefined ? this.#device.send(reply.bytes, length) : this.#device.sendPieces([this.#replyHeader, ...pieces]);
    } catch (err) {
      this.#options.log.error({ err }, 'reply could not be sent');
      return;
    }
    if (!delivered) this.#undo(operation, result);
  }

  #fail(uniqueLow: number, uniqueHigh: number, error: unknown): void {
    if (error instanceof AssertionError) throw error;
    const known = toFsError(error);
    if (!(error instanceof FsError)) this.#options.log.error({ err: error }, 'request failed unexpectedly');
    this.#sendError(uniqueLow, uniqueHigh, known.errno);
  }

  #sendError(uniqueLow: number, uniqueHigh: number, errno: number): void {
    const length = this.#reply.finish(uniqueLow, uniqueHigh, errno, 0);
    try {
      this.#device.send(this.#reply.bytes, length);
    } catch (err) {
      this.#options.log.error({ err }, 'reply could not be sent');
    }
  }

  /** A result that came after its caller was let go: as if delivered, then dropped. */
  #discard(operation: AnyOperation, result: unknown): void {
    operation.encode?.(this.context, this.#reply, result);
    this.#reply.pieces = undefined;
    this.#undo(operation, result);
  }

  #undo(operation: AnyOperation, result: unknown): void {
    void Promise.resolve(operation.undo?.(this.context, result)).catch((err: unknown) => {
      this.#options.log.warn({ err }, 'an undelivered reply could not be taken back');
    });
  }

  #giveUp(unique: number, pending: Pending): void {
    pending.answered = true;
    this.#forget(unique, pending);
    this.#sendError(pending.uniqueLow, pending.uniqueHigh, errorTable.EINTR.errno);
  }

  /** Requests about the connection rather than the filesystem. */
  #control(request: Request): void {
    switch (request.opcode) {
      case Opcode.forget:
        this.context.forget(request.node, request.u64(head));
        break;
      case Opcode.batchForget: {
        const count = request.u32(head);
        for (let i = 0, at = head + 8; i < count; i += 1, at += 16) this.context.forget(request.u64(at) as Ino, request.u64(at + 8));
        break;
      }
      case Opcode.interrupt: {
        const pending = this.#pending.get(request.u64(head));
        pending?.wait?.abort();
        if (pending) this.#interrupts.interrupt(pending);
        break;
      }
      case Opcode.init:
        this.#initialize(request);
        break;
      case Opcode.destroy:
        this.#device.send(this.#reply.bytes, this.#reply.finish(request.uniqueLow, request.uniqueHigh, 0, 0));
        break;
      default:
        this.#sendError(request.uniqueLow, request.uniqueHigh, errorTable.ENOSYS.errno);
    }
  }

  #initialize(request: Request): void {
    try {
      const agreed = negotiate(request);
      this.context.namesCacheable = agreed.canIncreaseEpoch;
      this.context.canPrune = agreed.canPrune;
      this.context.setXattrExtended = agreed.setXattrExtended;
      const length = writeInitReply(this.#reply, agreed, this.#options);
      this.#device.send(this.#reply.bytes, this.#reply.finish(request.uniqueLow, request.uniqueHigh, 0, length));
      this.#onNegotiated(agreed);
    } catch (error) {
      this.#sendError(request.uniqueLow, request.uniqueHigh, errorTable.EPROTO.errno);
      this.#onNegotiated(toFsError(error));
    }
  }

  async #releaseAll(): Promise<void> {
    this.#interrupts.stop();
    for (const pending of this.#pending.values()) {
      pending.wait?.abort();
      // The kernel holds pages and locks for it, for which one of our notifications may wait.
      pending.answered = true;
      this.#sendError(pending.uniqueLow, pending.uniqueHigh, errorTable.ESHUTDOWN.errno);
    }
    this.#device.resume();
    const { filesystem } = this.context;
    for (const handle of this.context.openHandles()) {
      try {
        await (this.context.isDirectory(handle) ? filesystem.releaseDirectory(handle) : filesystem.release(handle));
      } catch (err) {
        this.#options.log.warn({ err, ino: handle.ino }, 'release failed at unmount');
      }
    }
    this.context.forgetAll();
  }
}
