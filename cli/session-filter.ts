/**
 * Which clients are meant: by name or instance, or by host, mount, address or root.
 * @module
 */
import type { ClientSession } from '../mds/client/index.ts';
import { CommandError, UsageError } from './errors.ts';

/** A client as the ranks and the mon know it. */
export interface SeenClient extends ClientSession {
  /** Empty, as is `mountpoint`: the mon has not heard of it. */
  readonly host: string;
  readonly mountpoint: string;
}

const keys = ['name', 'instance', 'host', 'mountpoint', 'address', 'root'] as const;

export interface SessionFilter {
  /** Undefined: a name or an instance. */
  readonly key: (typeof keys)[number] | undefined;
  readonly value: string;
}

/** `client.mnt`, `4305`, `host=vm`. UsageError. */
export function sessionFilter(text: string): SessionFilter {
  const at = text.indexOf('=');
  if (at < 0) return { key: undefined, value: text };
  const key = keys.find((each) => each === text.slice(0, at));
  if (key === undefined) throw new UsageError(`'${text}': clients are told apart by ${keys.join(', ')}`);
  const value = text.slice(at + 1);
  if (value === '') throw new UsageError(`'${text}': a value is wanted`);
  return { key, value };
}

/** Those whom all filters mean. */
export function clientsMeant(clients: readonly SeenClient[], filters: readonly SessionFilter[]): SeenClient[] {
  return clients.filter((client) => filters.every((filter) => isMeant(client, filter)));
}

/** The one whom all filters mean. CommandError. */
export function clientMeant(clients: readonly SeenClient[], filters: readonly SessionFilter[]): SeenClient {
  const found = clientsMeant(clients, filters);
  const [client, other] = found;
  const wanted = filters.map(({ key, value }) => (key === undefined ? value : `${key}=${value}`)).join(' ');
  if (client === undefined) throw new CommandError(`no client ${wanted} has a session: nacre mds session ls shows those that have`);
  if (other !== undefined)
    throw new CommandError(
      `${found.length} sessions are meant by ${wanted}: one of the instances ${found.map(({ instance }) => instance).join(', ')} is wanted`,
    );
  return client;
}

function isMeant(client: SeenClient, { key, value }: SessionFilter): boolean {
  const { name, instance, host, mountpoint, address, root } = client;
  switch (key) {
    case undefined:
      return name === value || String(instance) === value;
    case 'name':
      return name === value;
    case 'instance':
      return String(instance) === value;
    case 'host':
      return host === value;
    case 'mountpoint':
      return mountpoint === value;
    case 'address':
      return address !== '' && (address === value || address.slice(0, address.lastIndexOf(':')) === value);
    case 'root':
      return (root === '' ? '/' : root) === value;
  }
}
