/**
 * Every daemon's and client's view of the mon: the newest map, its changes, and administration.
 * Implemented by `map-follower.ts`.
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import type { EntityName, Epoch, InstanceId } from '../../common/maps/ids.ts';
import type { Requests, Init } from '../../common/wire/gen/messages.ts';
import type { RequestName } from '../../common/wire/session.ts';

export interface MonClient {
  /** The newest map known; epoch 0 before the first. */
  readonly map: ClusterMap;
  /** Subscribes to the mon and resolves with the first map. */
  start(options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<ClusterMap>;
  /** Called synchronously with every newer map. Returns the unsubscriber. */
  onMap(fn: (map: ClusterMap, previous: ClusterMap) => void): () => void;
  /** Resolves when the map is at `epoch` or newer (asks the mon for it). */
  waitForEpoch(epoch: Epoch, options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<ClusterMap>;
  /** Any of the mon's requests, sent to the leader, resent when it moves. */
  request<K extends RequestName>(
    name: K,
    message: Init<Requests[K]['request']>,
    options: { readonly signal?: AbortSignal; readonly timeoutMs: number },
  ): Promise<Requests[K]['reply']>;
  /** An administrative command; JSON both ways. */
  command<T = unknown>(command: { readonly prefix: string } & Readonly<Record<string, unknown>>): Promise<T>;
  /** "I cannot reach it." `refused`: its process is gone. Fire and forget, coalesced. */
  reportFailure(entity: EntityName, instance: InstanceId, refused: boolean): void;
  stop(): Promise<void>;
}
