import { FsError } from '../../errors/fs-error.ts';
import type { Address } from '../network.ts';

/** Splits `host:port` or `[ipv6]:port`. Throws EINVAL with what is wrong. */
export function parseAddress(address: Address): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65535)
    throw new FsError('EINVAL', `"${address}" is not an address: write host:port, or [host]:port for IPv6`);
  return { host: (match[1] ?? match[2]) as string, port };
}

/** The inverse of {@link parseAddress}. */
export function formatAddress(host: string, port: number): Address {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
