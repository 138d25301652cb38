/**
 * The few things below Node's public interface that reading without an allocation for each read takes: libuv's
 * streams can fill a buffer of ours (`useUserBuffer`), and say how much. Node 20 uses it for `onread` of net.connect,
 * which can be had neither for accepted sockets nor for devices.
 * @module
 */
import { Socket } from 'node:net';

/** libuv's handle below a socket or pipe. */
export interface StreamHandle {
  /** Called after each read, with the count or a negative errno in {@link bytesOrErrno}. */
  onread: (this: StreamHandle, buffer?: ArrayBuffer) => unknown;
  /** What the socket above believes; it calls `readStart` when it wants bytes and finds this false. */
  reading?: boolean;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  readStop(): number;
}

interface StreamBinding {
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
}

let binding: StreamBinding | undefined;

/** Of the read that `onread` is being called for. */
export function bytesOrErrno(): number {
  binding ??= internalBinding('stream_wrap') as StreamBinding;
  return binding.streamBaseState[binding.kReadBytesOrError] as number;
}

/** The handle of an open TCP socket. Undefined for other sockets, and where Node has become another. */
export function streamHandle(socket: Socket): StreamHandle | undefined {
  const handle = (socket as unknown as { _handle?: Partial<StreamHandle> | null })._handle;
  const known = socket.constructor === Socket && typeof handle?.useUserBuffer === 'function' && typeof handle.onread === 'function';
  if (!known) return undefined;
  try {
    bytesOrErrno();
  } catch {
    return undefined; // process.binding is gone or forbidden
  }
  return handle as StreamHandle;
}

/** One of Node's internal modules. Throws where it may not be had. */
export function internalBinding(name: string): unknown {
  return (process as unknown as { binding(name: string): unknown }).binding(name);
}
