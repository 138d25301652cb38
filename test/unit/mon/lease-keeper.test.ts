/** Who may be told of a renewal, and when: the keeper around a core, with a store whose writes the test lets end. */
import test from 'ava';
import { entityName, instanceId } from '../../../common/maps/ids.ts';
import { SimWorld } from '../../../common/runtime/sim/world.ts';
import { decodeLeaseRecord, encodeLeaseRecord } from '../../../mon/store/lease-codec.ts';
import type { LeaseRecord } from '../../../mon/core/silences.ts';
import { LeaseKeeper } from '../../../mon/lease-keeper.ts';
import { MemoryStore } from '../../../mon/store/memory.ts';
import { Harness, lifeOf } from './harness.ts';

class HeldStore extends MemoryStore {
  readonly written: string[][] = [];
  #finish: (() => void) | undefined;

  override async saveLeases(bytes: Buffer): Promise<void> {
    this.written.push([...decodeLeaseRecord(bytes).silences.keys()]);
    await new Promise<void>((resolve) => (this.#finish = resolve));
    await super.saveLeases(bytes);
  }

  /** Whether a write is under way. */
  get busy(): boolean {
    return this.#finish !== undefined;
  }

  async finish(): Promise<void> {
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.();
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

class Place {
  readonly h = Harness.withPool(3);
  readonly store = new HeldStore();
  readonly keeper: LeaseKeeper;
  /** Who has been told of a renewal. */
  readonly told: number[] = [];

  constructor(stored: LeaseRecord = { leaseMs: 2_000, silences: new Map() }) {
    const { env } = new SimWorld({ seed: 'keeper' }).node('mon.a');
    const { h, store } = this;
    this.keeper = new LeaseKeeper(env, { core: h.core, store, stored, now: () => h.now });
  }

  pass(ms: number): void {
    this.h.pass(ms);
    this.keeper.tick();
  }

  beacon(id: number): void {
    this.h.beacon(id);
    const wait = this.keeper.renewed(entityName('osd', id), instanceId(lifeOf(id, 1)));
    if (wait === undefined) this.told.push(id);
    else void wait.then(() => this.told.push(id));
  }
}

test('keeper: everybody renews → nothing is written, nobody waits', (t) => {
  const p = new Place();
  for (let i = 0; i < 10; i++) {
    p.pass(400);
    for (const id of [0, 1, 2]) p.beacon(id);
  }
  t.is(p.told.length, 30);
  t.deepEqual(p.store.written, []);
});

test('keeper: one is named → it is told when a record without it is durable, the others at once', async (t) => {
  const p = new Place();
  p.pass(400);
  p.beacon(1);
  p.beacon(2);
  p.pass(200);
  t.deepEqual(p.store.written, [['osd.0']]);
  await p.store.finish();
  p.beacon(0);
  p.beacon(1);
  await turn();
  t.deepEqual(p.told, [1, 2, 1]);
  t.deepEqual(p.store.written, [['osd.0'], []]);
  await p.store.finish();
  t.deepEqual(p.told, [1, 2, 1, 0]);
  t.false(p.store.busy);
  p.beacon(0);
  t.deepEqual(p.told, [1, 2, 1, 0, 0]);
});

test('keeper: heard while the record that names it is being written → waits for that and the next', async (t) => {
  const p = new Place();
  p.pass(600);
  t.deepEqual(p.store.written, [['osd.0', 'osd.1', 'osd.2']]);
  p.beacon(0);
  p.beacon(1);
  await p.store.finish();
  t.deepEqual(p.told, []);
  t.deepEqual(p.store.written[1], ['osd.2']);
  p.beacon(2);
  await p.store.finish();
  t.deepEqual(p.told, [0, 1], 'osd.2 came after the record was taken');
  t.deepEqual(p.store.written[2], []);
  await p.store.finish();
  t.deepEqual(p.told, [0, 1, 2]);
  t.false(p.store.busy);
});

test('keeper: named by the last life of the mon → waits too', async (t) => {
  const silences = new Map([[entityName('osd', 0), { instance: instanceId(lifeOf(0, 1)), leftMs: 300, excused: false }]]);
  const p = new Place({ leaseMs: 2_000, silences });
  p.beacon(0);
  t.deepEqual(p.told, []);
  await p.store.finish();
  t.deepEqual(p.told, [0]);
});

test('keeper: stops → what is under way ends, nothing is begun, nobody who waits is told', async (t) => {
  const p = new Place();
  p.pass(600);
  p.beacon(0);
  const stopped = p.keeper.stop();
  await p.store.finish();
  await stopped;
  p.pass(600);
  t.is(p.store.written.length, 1);
  t.deepEqual(p.told, []);
});

test('lease record: golden bytes; damaged → EILSEQ', (t) => {
  const record: LeaseRecord = {
    leaseMs: 5_000,
    silences: new Map([
      [entityName('osd', 3), { instance: instanceId(77), leftMs: 1_250, excused: false }],
      [entityName('mds', 'a'), { instance: instanceId(2 ** 52), leftMs: 0, excused: true }],
    ]),
  };
  const golden =
    '{"leaseMs":5000,"silences":[{"name":"osd.3","instance":77,"leftMs":1250,"excused":false},' +
    '{"name":"mds.a","instance":4503599627370496,"leftMs":0,"excused":true}]}';
  t.is(encodeLeaseRecord(record).toString(), golden);
  t.deepEqual(decodeLeaseRecord(Buffer.from(golden)), record);
  for (const damaged of [
    '',
    'null',
    '{"leaseMs":5000}',
    '{"leaseMs":-1,"silences":[]}',
    golden.replace('77', '7.5'),
    golden.replace('osd.3', 'osd'),
    golden.replace('1250', '"1250"'),
    golden.replace('"excused":false', '"excused":0'),
    '{"leaseMs":5000,"silences":[null]}',
  ])
    t.throws(() => decodeLeaseRecord(Buffer.from(damaged)), { code: 'EILSEQ' }, damaged);
});
