import type { PoolId } from '../../../common/maps/ids.ts';
import type { Env } from '../../../common/runtime/env.ts';
import type { Layout } from '../../../common/wire/gen/messages.ts';
import type { MdsConfig } from '../../config.ts';
import type { JournalOptions } from '../../store/journal.ts';
import type { JournalReaderOptions } from '../../store/journal-reader.ts';
import type { MetadataStore } from '../../store/metadata-store.ts';
import type { PatientObjects } from '../../store/patient-objects.ts';

/** What repairing a rank's journal and tables takes. */
export interface RepairParts {
  readonly env: Env;
  readonly rank: number;
  readonly instance: number;
  readonly config: MdsConfig;
  readonly objects: PatientObjects;
  readonly store: MetadataStore;
  readonly metadataPool: PoolId;
  readonly defaultLayout: Layout;
  readonly poolName: (pool: number) => string;
  readonly reading: JournalReaderOptions;
  /** How many the filesystem has. */
  readonly ranks: () => number;
  /** Whether somebody serves a rank. */
  readonly isServed: (rank: number) => boolean;
  /** Of a journal that nothing is appended to. */
  readonly journal: JournalOptions;
  /** Resolves when the OSDs refuse everything from that client. */
  readonly fence: (instance: number) => Promise<number>;
}
