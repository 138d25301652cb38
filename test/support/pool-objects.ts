/**
 * A hand in a simulated cluster's pools: objects are removed, and records changed, on all copies alike, as no daemon would.
 * @module
 */
import { entityName, instanceId } from '../../common/maps/ids.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import { checksum } from '../../mds/store/binary.ts';
import type { NamesPage, ObjectClient } from '../../osd/client/object-client.ts';
import { Objecter } from '../../osd/client/objecter.ts';
import type { SimCluster } from '../sim/cluster.ts';

export class PoolObjects {
  readonly #cluster: SimCluster;
  readonly #pool: string;
  #objects: Promise<{ readonly client: ObjectClient; readonly pool: number }> | undefined;

  constructor(cluster: SimCluster, pool: string) {
    this.#cluster = cluster;
    this.#pool = pool;
  }

  /** Of all objects. */
  async names(): Promise<readonly string[]> {
    const { client, pool } = await this.#open();
    const names: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: NamesPage = await client.names(pool as never, '', after, 1_000);
      names.push(...page.names);
      after = page.through;
    }
    return names;
  }

  async remove(object: string): Promise<void> {
    const { client, pool } = await this.#open();
    await client.operate(pool as never, object, [{ kind: 'remove' }]);
  }

  async removeXattr(object: string, name: string): Promise<void> {
    const { client, pool } = await this.#open();
    await client.operate(pool as never, object, [{ kind: 'remove-xattr', name }]);
  }

  /** Changes the value of one key of the object's ordered map. */
  async rewrite(object: string, key: string, change: (value: Buffer) => Uint8Array): Promise<void> {
    const { client, pool } = await this.#open();
    const keyBytes = Buffer.from(key);
    const { results } = await client.operate(pool as never, object, [{ kind: 'omap-get', keys: [keyBytes] }]);
    const value = results[0]?.entries[0]?.value;
    if (value === undefined) throw new Error(`object ${object} has no ${key}`);
    await client.operate(pool as never, object, [{ kind: 'omap-set', entries: [{ key: keyBytes, value: change(Buffer.from(value)) }] }]);
  }

  /** Data of an object, changed. */
  async write(object: string, offset: number, data: Uint8Array): Promise<void> {
    const { client, pool } = await this.#open();
    await client.operate(pool as never, object, [{ kind: 'write', offset, data: [data] }]);
  }

  /** Flips the bits of a byte. Returns it as it was. */
  async flip(object: string, offset: number): Promise<Buffer> {
    const { client, pool } = await this.#open();
    const { results } = await client.operate(pool as never, object, [{ kind: 'read', offset, length: 1 }]);
    const byte = Buffer.concat(results[0]?.data ?? []);
    if (byte.length !== 1) throw new Error(`object ${object} has no byte ${offset}`);
    await this.write(object, offset, Buffer.of((byte[0] as number) ^ 0xff));
    return byte;
  }

  #open(): Promise<{ readonly client: ObjectClient; readonly pool: number }> {
    this.#objects ??= this.#connect();
    return this.#objects;
  }

  async #connect(): Promise<{ readonly client: ObjectClient; readonly pool: number }> {
    const { fsid, pools, mons } = await this.#cluster.map();
    const { env } = this.#cluster.world.node(`hand-in-${this.#pool}`);
    const messenger = new WireMessenger(env, { entity: entityName('client', 'hand'), instance: instanceId(env.random.id()), fsid });
    const monClient = new MapFollower(env, { messenger, mons: mons.map(({ address }) => address) });
    await monClient.start({ timeoutMs: 60_000 });
    const pool = [...pools.values()].find(({ name }) => name === this.#pool);
    if (pool === undefined) throw new Error(`no pool ${this.#pool}`);
    return { client: new Objecter(env, { messenger, monClient }), pool: pool.id };
  }
}

/** A record with the checksum that belongs to it. */
export function sealed(inside: Uint8Array): Buffer {
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(checksum(inside));
  return Buffer.concat([inside, tail]);
}
