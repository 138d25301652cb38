/**
 * Clients: listed for people, nothing else depends on them.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { type InstanceId, instanceId, parseEntityName } from '../../common/maps/ids.ts';
import type { ClientBeaconRequest } from '../../common/wire/gen/messages.ts';
import type { MonState, Now } from './state.ts';

/** More are not listed: what a client may do to the mon's memory is bounded. */
const clientsMax = 100_000;

export function clientBeacon(state: MonState, request: ClientBeaconRequest, address: string, now: Now): void {
  if (parseEntityName(request.name)?.type !== 'client') throw new FsError('EINVAL', `"${request.name}" is no client's name`);
  const instance = instanceId(request.instance);
  if (state.clients.size >= clientsMax && !state.clients.has(instance)) return;
  const { name, mountpoint, host } = request;
  state.clients.set(instance, { name, instance, mountpoint, host, address, heardMs: now.monotonicMs });
}

export function clientGone(state: MonState, instance: InstanceId): void {
  state.clients.delete(instance);
}

export function tickClients(state: MonState, now: Now): void {
  for (const [instance, client] of state.clients) {
    if (now.monotonicMs - client.heardMs >= state.settings.clientTimeoutMs) state.clients.delete(instance);
  }
}
