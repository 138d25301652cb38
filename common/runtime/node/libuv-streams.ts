/**
 * The few things below Node's public interface that reading without an allocation for each read takes: libuv's
 * streams can fill a buffer of ours (`useUserBuffer`), and say how much. Node 20 uses it for `onread` of net.connect,
 * which can be had neither for accepted sockets nor for devices.
 * @module
 */

/** libuv's handle below a socket or pipe. */
export interface StreamHandle {
  /** Called after each read, with the count or a negative errno in {@link bytesOrErrno}. */
  onread: (this: StreamHandle, buffer?: ArrayBuffer) => unknown;
  reading?: boolean;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  readStop(): number;
}

interface StreamBinding {
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
}

const { streamBaseState, kReadBytesOrError } = internalBinding('stream_wrap') as StreamBinding;

/** Of the read that `onread` is being called for. */
export function bytesOrErrno(): number {
  return streamBaseState[kReadBytesOrError] as number;
}

/** One of Node's internal modules. */
export function internalBinding(name: string): unknown {
  return (process as unknown as { binding(name: string): unknown }).binding(name);
}
