/**
 * Connections as WebSockets over TCP: binary frames, no compression, masks of zero (RFC 6455 asks a client for
 * a mask, and XOR with zero is free), Nagle off, what is sent in one turn of the event loop leaves in one write.
 * @module
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { FsError, toFsError } from '../../errors/fs-error.ts';
import type { Address, Connection, Listener, Network, Page } from '../network.ts';
import { onAbort } from '../on-abort.ts';
import { formatAddress, parseAddress } from './address.ts';
import { WebSocketConnection } from './connection.ts';
import { FramePool } from './frame-pool.ts';

export interface NodeNetworkOptions {
  /** Longer frames close their connection before they are read. */
  readonly frameBytesMax: number;
}

const defaults: NodeNetworkOptions = { frameBytesMax: 8 * 1024 * 1024 };
const upgradeMs = 5_000;
const fragmentsMax = 64;

export class NodeNetwork implements Network {
  readonly #options: NodeNetworkOptions & { readonly pool: FramePool };

  constructor(options: Partial<NodeNetworkOptions> = {}) {
    this.#options = { ...defaults, ...options, pool: new FramePool() };
  }

  async listen(
    address: Address,
    onConnection: (connection: Connection) => void,
    page?: (path: string) => Page | undefined,
  ): Promise<Listener> {
    const { host, port } = parseAddress(address);
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.#options.frameBytesMax,
      maxFragments: fragmentsMax,
      clientTracking: false,
      skipUTF8Validation: true,
    });
    const server = createServer(
      {
        headersTimeout: upgradeMs,
        requestTimeout: upgradeMs,
        connectionsCheckingInterval: 2_000,
        maxHeaderSize: 8 * 1024,
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
        noDelay: true,
      },
      (request, response) => {
        const found = request.method === 'GET' ? page?.(request.url ?? '') : undefined;
        if (found !== undefined) {
          response.writeHead(200, { 'content-type': found.contentType, connection: 'close' });
          response.end(found.text);
          return;
        }
        response.writeHead(426, { 'content-type': 'text/plain', connection: 'close', upgrade: 'websocket' });
        response.end('This port speaks the Nacre protocol (docs/PROTOCOL.md), not HTTP.\n');
      },
    );
    server.on('clientError', (_error, socket: Duplex) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      else socket.destroy();
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const { remoteAddress = '?', remotePort = 0 } = request.socket;
        onConnection(new WebSocketConnection(webSocket, request.socket, formatAddress(remoteAddress, remotePort), this.#options));
      });
    });
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(address, error)));
      server.listen({ host, port }, () =>
        resolve({ address: formatAddress(host, (server.address() as AddressInfo).port), close: () => closeServer(server) }),
      );
    });
  }

  async connect(
    address: Address,
    { signal, timeoutMs }: { readonly signal?: AbortSignal; readonly timeoutMs: number },
  ): Promise<Connection> {
    parseAddress(address);
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new FsError('ECANCELED', `connect to ${address}: no longer wanted`, { retry: 'safe' }));
        return;
      }
      const webSocket = new WebSocket(`ws://${address}/`, {
        perMessageDeflate: false,
        maxPayload: this.#options.frameBytesMax,
        maxFragments: fragmentsMax,
        handshakeTimeout: timeoutMs,
        skipUTF8Validation: true,
        followRedirects: false,
        generateMask: (mask) => mask.fill(0),
      });
      let socket: Socket | undefined;
      let failure: Error | undefined;
      const forget = signal && onAbort(signal, () => webSocket.terminate());
      webSocket.once('upgrade', (response) => {
        socket = response.socket;
      });
      webSocket.once('open', () => {
        forget?.();
        webSocket.removeAllListeners();
        socket?.setKeepAlive(true, 30_000);
        resolve(new WebSocketConnection(webSocket, socket as Socket, address, this.#options));
      });
      webSocket.on('error', (error) => {
        failure ??= error;
      });
      webSocket.once('close', () => {
        forget?.();
        reject(connectError(address, failure, signal));
      });
    });
  }

  giveBack(frames: readonly Uint8Array[]): void {
    this.#options.pool.giveBack(frames);
  }
}

function listenError(address: Address, error: NodeJS.ErrnoException): FsError {
  const advice =
    error.code === 'EADDRINUSE'
      ? ': another process listens there; stop it or choose another port'
      : error.code === 'EACCES'
        ? ': this user may not bind that port'
        : `: ${error.message}`;
  const code = error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' ? 'EINVAL' : toFsError(error).code;
  return new FsError(code, `cannot listen on ${address}${advice}`, { cause: error });
}

function connectError(address: Address, error: Error | undefined, signal: AbortSignal | undefined): FsError {
  if (signal?.aborted === true) return new FsError('ECANCELED', `connect to ${address}: no longer wanted`, { retry: 'safe' });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const message = `connect to ${address}: ${error?.message || code || 'closed'}`;
  if (code === 'ECONNREFUSED')
    return new FsError('ECONNREFUSED', `connect to ${address}: nobody listens there`, { retry: 'safe', cause: error });
  const timedOut = code === 'ETIMEDOUT' || error?.message === 'Opening handshake has timed out';
  return new FsError(timedOut ? 'ETIMEDOUT' : 'ECONNRESET', message, { retry: 'safe', cause: error });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
