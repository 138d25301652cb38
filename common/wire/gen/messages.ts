// Generated from common/wire/proto by `npm run gen`. Do not edit.

/** What an encoder takes for a `T`: fields left out have their proto3 default. */
export type Init<T> = T extends Uint8Array | string | number | boolean | null ? T : T extends readonly (infer E)[] ? readonly Init<E>[] : { readonly [K in keyof T]?: Init<T[K]> | undefined };

export interface Envelope {
  /** of the request on this connection and side; 0: a push */
  readonly id: number;
  /** so many frames after this one belong to it */
  readonly payloadFrames: number;
  /** request: how long the sender waits */
  readonly deadlineMs: number;
  /** the sender's map, where it matters */
  readonly epoch: number;
  /** instead of a reply's body */
  readonly error: ErrorInfo | null;
  /** common.proto: from 16 */
  readonly hello?: Hello | null;
  readonly cancel?: Cancel | null;
  readonly ping?: Ping | null;
  readonly pong?: Pong | null;
  /** mon.proto: from 100 */
  readonly mapSubscribeRequest?: MapSubscribeRequest | null;
  readonly mapSubscribeReply?: MapSubscribeReply | null;
  readonly mapUpdate?: MapUpdate | null;
  readonly mapGetRequest?: MapGetRequest | null;
  readonly mapGetReply?: MapGetReply | null;
  readonly osdBootRequest?: OsdBootRequest | null;
  readonly osdBootReply?: OsdBootReply | null;
  readonly osdBeaconRequest?: OsdBeaconRequest | null;
  readonly osdBeaconReply?: OsdBeaconReply | null;
  readonly failureReportRequest?: FailureReportRequest | null;
  readonly failureReportReply?: FailureReportReply | null;
  readonly pgCertifyRequest?: PgCertifyRequest | null;
  readonly pgCertifyReply?: PgCertifyReply | null;
  readonly mdsBeaconRequest?: MdsBeaconRequest | null;
  readonly mdsBeaconReply?: MdsBeaconReply | null;
  readonly clientBeaconRequest?: ClientBeaconRequest | null;
  readonly clientBeaconReply?: ClientBeaconReply | null;
  readonly commandRequest?: CommandRequest | null;
  readonly commandReply?: CommandReply | null;
  readonly statfsRequest?: StatfsRequest | null;
  readonly statfsReply?: StatfsReply | null;
  /** osd.proto: from 200 */
  readonly osdOpRequest?: OsdOpRequest | null;
  readonly osdOpReply?: OsdOpReply | null;
  readonly repOp?: RepOp | null;
  readonly repAck?: RepAck | null;
  readonly pgQueryRequest?: PgQueryRequest | null;
  readonly pgQueryReply?: PgQueryReply | null;
  readonly pgLogRequest?: PgLogRequest | null;
  readonly pgLogReply?: PgLogReply | null;
  readonly pgActivateRequest?: PgActivateRequest | null;
  readonly pgActivateReply?: PgActivateReply | null;
  readonly pgResetRequest?: PgResetRequest | null;
  readonly pgResetReply?: PgResetReply | null;
  readonly pgListRequest?: PgListRequest | null;
  readonly pgListReply?: PgListReply | null;
  readonly pushRequest?: PushRequest | null;
  readonly pushReply?: PushReply | null;
  readonly pullRequest?: PullRequest | null;
  readonly pullReply?: PullReply | null;
  readonly pgStrayRequest?: PgStrayRequest | null;
  readonly pgStrayReply?: PgStrayReply | null;
  readonly pgTurnRequest?: PgTurnRequest | null;
  readonly pgTurnReply?: PgTurnReply | null;
  readonly pgTurnEnd?: PgTurnEnd | null;
  readonly pgYield?: PgYield | null;
  /** scrub.proto: from 230 */
  readonly scrubReserveRequest?: ScrubReserveRequest | null;
  readonly scrubReserveReply?: ScrubReserveReply | null;
  readonly scrubMapRequest?: ScrubMapRequest | null;
  readonly scrubMapReply?: ScrubMapReply | null;
  readonly scrubRepairRequest?: ScrubRepairRequest | null;
  readonly scrubRepairReply?: ScrubRepairReply | null;
  readonly scrubRecordRequest?: ScrubRecordRequest | null;
  readonly scrubRecordReply?: ScrubRecordReply | null;
  readonly scrubRelease?: ScrubRelease | null;
  readonly copyDamaged?: CopyDamaged | null;
  /** osd.proto again: from 240 */
  readonly pgReserveRequest?: PgReserveRequest | null;
  readonly pgReserveReply?: PgReserveReply | null;
  readonly pgReadRequest?: PgReadRequest | null;
  readonly pgReadReply?: PgReadReply | null;
  /** mds.proto: from 300 */
  readonly sessionOpenRequest?: SessionOpenRequest | null;
  readonly sessionOpenReply?: SessionOpenReply | null;
  readonly sessionRenewRequest?: SessionRenewRequest | null;
  readonly sessionRenewReply?: SessionRenewReply | null;
  readonly sessionCloseRequest?: SessionCloseRequest | null;
  readonly sessionCloseReply?: SessionCloseReply | null;
  readonly allocateInosRequest?: AllocateInosRequest | null;
  readonly allocateInosReply?: AllocateInosReply | null;
  readonly journalSafe?: JournalSafe | null;
  readonly journalFlushRequest?: JournalFlushRequest | null;
  readonly journalFlushReply?: JournalFlushReply | null;
  readonly capRecall?: CapRecall | null;
  readonly capGrant?: CapGrant | null;
  readonly capUpdateRequest?: CapUpdateRequest | null;
  readonly capUpdateReply?: CapUpdateReply | null;
  readonly capReleaseRequest?: CapReleaseRequest | null;
  readonly capReleaseReply?: CapReleaseReply | null;
  readonly sessionTrim?: SessionTrim | null;
  readonly lookupRequest?: LookupRequest | null;
  readonly lookupReply?: LookupReply | null;
  readonly getAttrRequest?: GetAttrRequest | null;
  readonly getAttrReply?: GetAttrReply | null;
  readonly setAttrRequest?: SetAttrRequest | null;
  readonly setAttrReply?: SetAttrReply | null;
  readonly setXattrRequest?: SetXattrRequest | null;
  readonly setXattrReply?: SetXattrReply | null;
  readonly removeXattrRequest?: RemoveXattrRequest | null;
  readonly removeXattrReply?: RemoveXattrReply | null;
  readonly createRequest?: CreateRequest | null;
  readonly createReply?: CreateReply | null;
  readonly openRequest?: OpenRequest | null;
  readonly openReply?: OpenReply | null;
  readonly linkRequest?: LinkRequest | null;
  readonly linkReply?: LinkReply | null;
  readonly unlinkRequest?: UnlinkRequest | null;
  readonly unlinkReply?: UnlinkReply | null;
  readonly renameRequest?: RenameRequest | null;
  readonly renameReply?: RenameReply | null;
  readonly readDirRequest?: ReadDirRequest | null;
  readonly readDirReply?: ReadDirReply | null;
  readonly appendRequest?: AppendRequest | null;
  readonly appendReply?: AppendReply | null;
  readonly lockRequest?: LockRequest | null;
  readonly lockReply?: LockReply | null;
  readonly lockCancelRequest?: LockCancelRequest | null;
  readonly lockCancelReply?: LockCancelReply | null;
  readonly lockGranted?: LockGranted | null;
  readonly getXattrRequest?: GetXattrRequest | null;
  readonly getXattrReply?: GetXattrReply | null;
  readonly growRequest?: GrowRequest | null;
  readonly growReply?: GrowReply | null;
  readonly quotaRequest?: QuotaRequest | null;
  readonly quotaReply?: QuotaReply | null;
  readonly sessionListRequest?: SessionListRequest | null;
  readonly sessionListReply?: SessionListReply | null;
  readonly sessionEvictRequest?: SessionEvictRequest | null;
  readonly sessionEvictReply?: SessionEvictReply | null;
  readonly rankMessageRequest?: RankMessageRequest | null;
  readonly rankMessageReply?: RankMessageReply | null;
  readonly rankAskRequest?: RankAskRequest | null;
  readonly rankAskReply?: RankAskReply | null;
  readonly rankRepairRequest?: RankRepairRequest | null;
  readonly rankRepairReply?: RankRepairReply | null;
  readonly rankReportRequest?: RankReportRequest | null;
  readonly rankReportReply?: RankReportReply | null;
  readonly cacheDumpRequest?: CacheDumpRequest | null;
  readonly cacheDumpReply?: CacheDumpReply | null;
}

/** Fields that change the outcome of a file's attributes use 64-bit signed seconds: years before 1970 and after 2106. */
export interface Timespec {
  readonly sec: number;
  /** 0..999,999,999 */
  readonly nsec: number;
}

/** Position in a PG's log: ordered by interval, then counter. */
export interface Version {
  /** epoch in which the acting set began */
  readonly interval: number;
  /** rises by one with every write of the PG */
  readonly counter: number;
}

export interface KeyValue {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** First message of each side on a connection. */
export interface Hello {
  /** version of this protocol */
  readonly protocol: number;
  /** cluster, empty: "tell me" (a first mount) */
  readonly fsid: string;
  /** osd.3 */
  readonly entity: string;
  /** this life of the process */
  readonly instance: number;
  /** room for proof of the key (DESIGN 9) */
  readonly challenge: Uint8Array;
  readonly proof: Uint8Array;
}

/** The request with the same envelope id is no longer wanted. */
export interface Cancel {
}

/** "Are you there?" Answered by Pong; sent when nothing was heard for a while. */
export interface Ping {
}

export interface Pong {
}

export interface ErrorInfo {
  /** common/errors/fs-error.ts */
  readonly code: string;
  readonly message: string;
  /** safe | maybe-applied | never */
  readonly retry: string;
  /** EREMOTE: of this inode */
  readonly ino: number;
  /** another MDS rank decides, as far as this one knows */
  readonly rank: number;
}

/** A whole map; in an increment, the entries that are new or changed. */
export interface MapRecord {
  readonly epoch: number;
  readonly fsid: string;
  readonly modifiedMs: number;
  readonly mons: readonly MonRecord[];
  readonly osds: readonly OsdRecord[];
  readonly crush: CrushRecord | null;
  readonly pools: readonly PoolRecord[];
  readonly pgs: readonly PgActingRecord[];
  readonly filesystems: readonly FilesystemRecord[];
  readonly mdss: readonly MdsRecord[];
  readonly blocklist: readonly BlocklistRecord[];
  readonly flags: readonly string[];
  /** in an increment absent when unchanged */
  readonly fullRatios: FullRatiosRecord | null;
  /** the highest number a pool ever had */
  readonly lastPoolId: number;
}

/** In 1/10000 of an OSD's space. */
export interface FullRatiosRecord {
  readonly nearfull: number;
  readonly backfillfull: number;
  readonly full: number;
}

export interface MonRecord {
  readonly name: string;
  readonly address: string;
}

export interface OsdRecord {
  readonly id: number;
  readonly uuid: string;
  readonly address: string;
  readonly host: string;
  readonly up: boolean;
  readonly in: boolean;
  readonly autoOut: boolean;
  /** 16.16 fixed point */
  readonly reweight: number;
  readonly instance: number;
  readonly upFrom: number;
  readonly downAt: number;
  /** in the order of cluster-map.ts */
  readonly fullness: number;
}

export interface CrushRecord {
  readonly buckets: readonly CrushBucketRecord[];
  readonly rules: readonly CrushRuleRecord[];
  /** in the order of crush-map.ts */
  readonly tunables: readonly number[];
}

export interface CrushBucketRecord {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly items: readonly number[];
  /** 16.16 fixed point, one for each item */
  readonly weights: readonly number[];
}

export interface CrushRuleRecord {
  readonly name: string;
  readonly root: string;
  readonly failureDomain: string;
}

export interface PoolRecord {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly minSize: number;
  readonly pgNum: number;
  readonly rule: string;
}

export interface PgActingRecord {
  readonly pool: number;
  readonly seq: number;
  readonly acting: readonly number[];
  readonly interval: number;
  readonly former: readonly FormerMemberRecord[];
  readonly lostAt: number;
}

export interface FormerMemberRecord {
  readonly osd: number;
  readonly leftAt: number;
  readonly current: boolean;
}

export interface FilesystemRecord {
  readonly name: string;
  readonly metadataPool: number;
  readonly dataPool: number;
  readonly maxMds: number;
  /** that there are; 0: max_mds */
  readonly ranks: number;
  /** the last of them is */
  readonly stopping: boolean;
  /** one more than the number of standbys that are wanted; 0: nobody has said, and there has been none yet */
  readonly standbyWanted: number;
}

export interface MdsRecord {
  readonly name: string;
  readonly address: string;
  readonly instance: number;
  readonly state: string;
  readonly rank: number;
}

export interface BlocklistRecord {
  readonly instance: number;
  readonly untilMs: number;
}

/** From epoch - 1 to epoch. */
export interface IncrementRecord {
  /** epoch, fsid, modified_ms and last_pool_id are the new map's */
  readonly changed: MapRecord | null;
  /** changed.mons replaces the list; likewise the next two */
  readonly mons: boolean;
  readonly filesystems: boolean;
  readonly flags: boolean;
  readonly removedOsds: readonly number[];
  readonly removedPools: readonly number[];
  readonly removedPgs: readonly string[];
  readonly removedMdss: readonly string[];
  readonly removedBlocklist: readonly number[];
}

export interface MapSubscribeRequest {
  /** 0: none */
  readonly haveEpoch: number;
}

export interface MapSubscribeReply {
  readonly epoch: number;
}

/** Pushed to subscribers; also the answer of whoever has a newer map than a peer. */
export interface MapUpdate {
  /** after applying */
  readonly epoch: number;
  /** 0: `full` is a whole map; else increments follow from it */
  readonly baseEpoch: number;
  /** ClusterMap in the codec of common/maps */
  readonly full: Uint8Array;
  readonly increments: readonly Uint8Array[];
}

export interface MapGetRequest {
  readonly haveEpoch: number;
}

export interface MapGetReply {
  readonly update: MapUpdate | null;
}

export interface OsdBootRequest {
  readonly osd: number;
  readonly uuid: string;
  readonly instance: number;
  readonly address: string;
  readonly host: string;
  readonly totalBytes: number;
  /** newest map in its store; 0: it was never part of a cluster */
  readonly newestEpoch: number;
  /** for a new OSD on a new host; empty: none */
  readonly rack: string;
  /** for a new OSD: CRUSH weight, 16.16 fixed point; 0: by total_bytes */
  readonly weight: number;
}

export interface OsdBootReply {
  readonly epoch: number;
}

/** Renews the lease (R4) and tells the mon how things are. Sent about every second. */
export interface OsdBeaconRequest {
  readonly osd: number;
  readonly instance: number;
  readonly epoch: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
  readonly objects: number;
  /** those it is primary of */
  readonly pgs: readonly PgStat[];
  readonly storedBytes: number;
  /** OSDs that it has tried in vain to reach for a while */
  readonly unreachable: readonly UnreachablePeer[];
}

export interface UnreachablePeer {
  readonly osd: number;
  readonly instance: number;
  /** nothing was heard of it for at least so long */
  readonly forMs: number;
}

export interface PgStat {
  readonly pg: string;
  /** active+clean, active+degraded, peering, down, ... */
  readonly state: string;
  readonly interval: number;
  readonly objects: number;
  readonly bytes: number;
  /** object copies missing */
  readonly degraded: number;
  /** object copies that are to be made elsewhere */
  readonly misplaced: number;
  /** copies made, in the last seconds */
  readonly recoveredObjectsPerSecond: number;
  readonly recoveredBytesPerSecond: number;
  /** since 1970; 0: never */
  readonly lastScrubMs: number;
  readonly lastDeepScrubMs: number;
  /** copies known to be wrong */
  readonly scrubErrors: number;
  /** some of them */
  readonly findings: readonly ScrubFinding[];
  /** the newest order that has been carried out */
  readonly scrubOrder: number;
  /** of which no copy that can be read is at hand */
  readonly unfoundObjects: number;
  /** some of them */
  readonly unfound: readonly UnfoundObject[];
}

export interface UnfoundObject {
  readonly object: string;
  /** who may have it: those that are down, or could not be asked */
  readonly osds: readonly number[];
}

/** A copy of an object that is not as it should be. */
export interface ScrubFinding {
  readonly object: string;
  readonly osd: number;
  /** missing, extra, unreadable, version, size, mtime, data, xattr, omap, log */
  readonly what: readonly string[];
  /** OSDs whose copy is the right one; none: it cannot be told which is */
  readonly good: readonly number[];
  readonly detail: string;
}

export interface OsdBeaconReply {
  readonly epoch: number;
  /** from the moment the request was sent; 0: it is down in the map and must boot again */
  readonly leaseMs: number;
  readonly scrubOrders: readonly ScrubOrder[];
}

/** Repeated until the PG's primary has reported that it was carried out. */
export interface ScrubOrder {
  readonly pg: string;
  readonly id: number;
  /** scrub | deep-scrub | repair */
  readonly kind: string;
}

/** "I cannot reach that daemon." */
export interface FailureReportRequest {
  readonly entity: string;
  readonly instance: number;
  /** connection refused: the process is gone */
  readonly refused: boolean;
}

export interface FailureReportReply {
}

/** A primary's word that `osd` holds every acknowledged write of this interval (R2). */
export interface PgCertifyRequest {
  readonly pg: string;
  readonly interval: number;
  readonly osds: readonly number[];
}

export interface PgCertifyReply {
  readonly epoch: number;
}

export interface MdsBeaconRequest {
  readonly name: string;
  readonly instance: number;
  readonly address: string;
  /** the state it is in, or asks to go to */
  readonly state: string;
  readonly epoch: number;
  /** in replay: what it has read of the journal */
  readonly replayedBytes: number;
  /** and how much that is; 0: not known, or not in replay */
  readonly journalBytes: number;
  /** in `damaged`: what is damaged, and where */
  readonly trouble: string;
  /** places in the filesystem that are known to be damaged */
  readonly damageCount: number;
  /** some of them */
  readonly damage: readonly MetadataDamage[];
  /** the one that runs, or the last one of this life; absent: none */
  readonly scrub: FsScrubStatus | null;
  readonly clientWarnings: readonly ClientWarnings[];
}

/** Clients with which something is the matter, of one kind. */
export interface ClientWarnings {
  /** of health: MDS_CLIENT_LATE_RELEASE, ... */
  readonly code: string;
  /** of clients */
  readonly count: number;
  /** of these, those that have been longest so */
  readonly some: readonly ClientWarning[];
}

export interface ClientWarning {
  readonly client: string;
  readonly instance: number;
  /** it has been so for so long */
  readonly forMs: number;
  /** what it does not do, in words that follow its name */
  readonly what: string;
}

export interface MdsBeaconReply {
  readonly epoch: number;
  readonly leaseMs: number;
  /** absent: none */
  readonly scrubOrder: FsScrubOrder | null;
  /** absent: it takes part in no scrub of several ranks */
  readonly scrubTurn: FsScrubTurn | null;
}

/** Of a scrub that several ranks take part in: none begins a stage before all have ended the one before. */
export interface FsScrubTurn {
  /** the order that began it */
  readonly began: number;
  /** that all have ended */
  readonly stage: number;
  /** a rank takes no part any more: why; empty: all do */
  readonly over: string;
}

export interface MetadataDamage {
  readonly path: string;
  readonly ino: number;
  /** in the metadata pool; empty: it can be read, and does not agree with others */
  readonly object: string;
  readonly what: string;
}

/** Repeated until the MDS has reported that it was carried out. */
export interface FsScrubOrder {
  readonly id: number;
  /** start | pause | resume | stop */
  readonly action: string;
  /** start: from where on */
  readonly path: string;
  /** start */
  readonly repair: boolean;
  /** start: so many take part */
  readonly ranks: number;
}

export interface FsScrubStatus {
  /** the newest order that has been carried out */
  readonly order: number;
  /** running | paused | done | stopped | failed */
  readonly state: string;
  readonly path: string;
  readonly repair: boolean;
  /** tree | linked | strays | data | metadata */
  readonly phase: string;
  /** looked at so far; so are those that follow */
  readonly directories: number;
  readonly names: number;
  readonly linked: number;
  readonly strays: number;
  readonly objects: number;
  /** things found wrong */
  readonly errors: number;
  /** of these */
  readonly repaired: number;
  /** objects that belong to nothing: no harm but their space */
  readonly leftovers: number;
  readonly leftoverBytes: number;
  /** could not be compared: clients changed them all the time */
  readonly unsettled: number;
  /** since 1970 */
  readonly startedMs: number;
  /** 0: not yet */
  readonly endedMs: number;
  /** some of what was found, in words */
  readonly findings: readonly string[];
  /** failed, or stopped though nobody said so: why */
  readonly trouble: string;
  /** the order that began it */
  readonly began: number;
  /** that this rank has ended; those that all have ended, of the whole */
  readonly stage: number;
  /** that take part */
  readonly ranks: number;
}

/** A client announces itself, so that status can list it. */
export interface ClientBeaconRequest {
  readonly name: string;
  readonly instance: number;
  readonly mountpoint: string;
  readonly host: string;
}

export interface ClientBeaconReply {
  readonly epoch: number;
}

/** Administration: what the `nacre` command asks for, as JSON both ways. */
export interface CommandRequest {
  /** {"prefix":"status"} */
  readonly command: string;
}

export interface CommandReply {
  readonly result: string;
}

/** Space as statfs wants it. */
export interface StatfsRequest {
  readonly pool: number;
}

export interface StatfsReply {
  /** what the pool could hold, divided by its copies */
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly objects: number;
}

export const ObjectOpKind = {
  NONE: 0,
  READ: 1,
  STAT: 2,
  WRITE: 3,
  WRITE_FULL: 4,
  APPEND: 5,
  ZERO: 6,
  TRUNCATE: 7,
  CREATE: 8,
  REMOVE: 9,
  GET_XATTR: 10,
  GET_XATTRS: 11,
  SET_XATTR: 12,
  REMOVE_XATTR: 13,
  COMPARE_XATTR: 14,
  OMAP_GET: 15,
  OMAP_GET_RANGE: 16,
  OMAP_SET: 17,
  OMAP_REMOVE: 18,
  OMAP_CLEAR: 19,
  ASSERT_EXISTS: 20,
  ASSERT_VERSION: 21,
  EXTENTS: 22,
  COPY_RANGE: 23,
  NAMES: 24,
} as const;
export type ObjectOpKind = (typeof ObjectOpKind)[keyof typeof ObjectOpKind];

/** One step of a compound operation. Which fields count depends on the kind. */
export interface ObjectOp {
  readonly kind: ObjectOpKind;
  readonly offset: number;
  readonly length: number;
  readonly exclusive: boolean;
  readonly name: string;
  readonly value: Uint8Array;
  readonly keys: readonly Uint8Array[];
  readonly entries: readonly KeyValue[];
  readonly after: Uint8Array;
  readonly maxEntries: number;
  readonly version: Version | null;
  /** this op's data: so many frames of the message's payload, in order */
  readonly payloadFrames: number;
  readonly sourcePool: number;
  readonly sourceOffset: number;
}

export interface OpResult {
  /** STAT */
  readonly size: number;
  /** APPEND */
  readonly offset: number;
  /** STAT */
  readonly version: Version | null;
  /** STAT */
  readonly mtimeMs: number;
  readonly value: Uint8Array;
  readonly entries: readonly KeyValue[];
  /** OMAP_GET_RANGE, NAMES: stopped at max_entries or at the size limit */
  readonly more: boolean;
  /** READ */
  readonly payloadFrames: number;
  /** EXTENTS: where there is data, ascending and apart; all else is holes. `more`: after the last of them too */
  readonly extents: readonly ObjectExtent[];
}

export interface ObjectExtent {
  readonly offset: number;
  readonly length: number;
}

/** All ops apply, in order, or none. Reads see what the ops before them in the list wrote. */
export interface OsdOpRequest {
  /** the sender's map */
  readonly epoch: number;
  readonly pool: number;
  readonly pg: number;
  /** 1..512 bytes */
  readonly object: string;
  /** with tid: the request id */
  readonly instance: number;
  readonly tid: number;
  readonly ops: readonly ObjectOp[];
  /** answers below it will not be asked for again */
  readonly oldestTid: number;
  /** only reads: an acting member that is not the primary may answer, if it can do so just as well */
  readonly anyMember: boolean;
}

export interface OsdOpReply {
  readonly epoch: number;
  /** of the object after the operation */
  readonly version: Version | null;
  readonly results: readonly OpResult[];
}

/** Pushed by a primary: one write, for the receiver to log, apply and commit in the order of `position`. The changes' payload frames follow, in order. */
export interface RepOp {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  /** opened by PgQueryRequest */
  readonly stream: number;
  /** in the stream, from 1, without gaps */
  readonly position: number;
  /** log entry (osd/core/log-entry.ts): version, object, request id */
  readonly entry: Uint8Array;
  /** only kinds that change something, offsets resolved */
  readonly changes: readonly ObjectOp[];
  /** of the client, as in OsdOpRequest */
  readonly oldestTid: number;
}

/** Pushed back: everything up to `position` is durable. Several PGs together. Without items: only word of the space, from a member that is nearly full. */
export interface RepAck {
  readonly items: readonly RepAckItem[];
  /** space left in the sender's store */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface RepAckItem {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly stream: number;
  readonly position: number;
}

/** Opens a stream and asks what the receiver has. It takes no older interval's writes afterwards. */
export interface PgQueryRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly stream: number;
}

export interface PgQueryReply {
  /** every entry of its log */
  readonly runs: readonly LogRun[];
  /** it has every write up to here, whatever its log still shows */
  readonly completeTo: Version | null;
  /** head of the newest activation that it took part in */
  readonly activated: Version | null;
  /** its objects are a partial copy that its log says nothing about */
  readonly backfilling: boolean;
  /** its log has ever lost entries to its bound */
  readonly trimmed: boolean;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** its log has gaps above complete_to */
  readonly recovering: boolean;
  /** versions of its history from before the PG was split (osd/core/split-pg.ts) */
  readonly past: readonly LogRun[];
  /** backfilling: of the objects up to here it has every write up to complete_to, and log entries beyond */
  readonly cursor: string;
  /** osd/core/scrub-record.ts; empty: it has none */
  readonly scrubRecord: Uint8Array;
}

/** Log entries of one interval with the counters first..last. */
export interface LogRun {
  readonly interval: number;
  readonly first: number;
  readonly last: number;
}

/** Asks for log entries, to learn which objects they concern. */
export interface PgLogRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly runs: readonly LogRun[];
  /** by counter, then interval; absent: from the first */
  readonly after: Version | null;
}

export interface PgLogReply {
  /** in that order, about 512 KiB of them */
  readonly entries: readonly Uint8Array[];
  readonly more: boolean;
}

/** Every acting member is the primary's equal up to `head`: the interval begins to serve. */
export interface PgActivateRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly head: Version | null;
  /** the sender's, as in PgQueryReply */
  readonly past: readonly LogRun[];
  /** the newest that any member has */
  readonly scrubRecord: Uint8Array;
}

export interface PgActivateReply {
}

export const PgResetRequestPhase = {
  BEGIN_LOG: 0,
  BEGIN_BACKFILL: 1,
  FINISH_LOG: 2,
  FINISH_BACKFILL: 3,
  ADD_ENTRIES: 4,
  BACKFILL_PROGRESS: 5,
} as const;
export type PgResetRequestPhase = (typeof PgResetRequestPhase)[keyof typeof PgResetRequestPhase];

/** Before and after a member is brought up to date. */
export interface PgResetRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly phase: PgResetRequestPhase;
  /** it has every write up to here */
  readonly completeTo: Version | null;
  /** ADD_ENTRIES */
  readonly entries: readonly Uint8Array[];
  /** ADD_ENTRIES: entries that left the log but may still be asked for */
  readonly kept: readonly Uint8Array[];
  /** FINISH_LOG, FINISH_BACKFILL: the sender's, as in PgQueryReply */
  readonly past: readonly LogRun[];
  readonly cursor: string;
  /** FINISH_*: the sender's log has lost what is below this counter, so the receiver's lacks some: it forgets the rest */
  readonly trimBelow: number;
}

export interface PgResetReply {
}

/** What objects the receiver has, in name order. */
export interface PgListRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly after: string;
  readonly maxEntries: number;
}

export interface PgListReply {
  readonly objects: readonly ListedObject[];
  /** nothing after the last of these */
  readonly end: boolean;
}

export interface ListedObject {
  readonly name: string;
  readonly version: Version | null;
}

/** A piece of an object as it is. Pieces of one object follow one another; the receiver shows nothing of them before the last. Xattrs come in one piece, of them and the omap about 1 MiB in a piece, at most 2 MiB. Its payload frames are the data of `extents`, in order. */
export interface ObjectPiece {
  /** false: the object is to be removed */
  readonly exists: boolean;
  readonly size: number;
  readonly version: Version | null;
  readonly mtimeMs: number;
  readonly extents: readonly DataExtent[];
  readonly xattrs: readonly KeyValue[];
  readonly omap: readonly KeyValue[];
  /** absent: this is the last piece */
  readonly next: PieceCursor | null;
  /** the object exists, but no copy of it can be read */
  readonly damaged: boolean;
}

export interface DataExtent {
  readonly offset: number;
  readonly length: number;
  readonly payloadFrames: number;
}

export interface PieceCursor {
  /** data before it is done */
  readonly offset: number;
  readonly omapAfter: Uint8Array;
  /** data and xattrs are done */
  readonly omap: boolean;
}

/** Makes the receiver's copy of one object, and what its log says about it, equal to the sender's: all at once, with the last message. One small object is one message; otherwise pieces come first, then entries. */
export interface PushRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly object: string;
  /** absent: only entries */
  readonly piece: ObjectPiece | null;
  /** about 512 KiB of entries in a message */
  readonly addEntries: readonly Uint8Array[];
  readonly dropEntries: readonly Version[];
  readonly first: boolean;
  /** nothing follows: the copy changes now */
  readonly last: boolean;
  /** entries that left the log but may still be asked for */
  readonly kept: readonly Uint8Array[];
  /** the sender's number of this copying: what is left of another one is refused */
  readonly copy: number;
}

export interface PushReply {
  /** clients are at work there too */
  readonly busy: boolean;
}

/** Fetches an object, piece by piece (repair, and a read that met damage). */
export interface PullRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly object: string;
  /** absent: from the start */
  readonly cursor: PieceCursor | null;
}

export interface PullReply {
  readonly piece: ObjectPiece | null;
}

/** "May I remove my copy?" From an OSD that is neither acting nor up for the PG, to its primary. */
export interface PgStrayRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
}

export interface PgStrayReply {
  /** all copies are where they belong: yes */
  readonly clean: boolean;
}

/** "May I make a copy of the PG at yours?" It stops short of the backfillfull ratio, with all that was promised to others. */
export interface PgReserveRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  /** that the whole copy takes at most */
  readonly bytes: number;
}

export interface PgReserveReply {
  /** until the copy is complete or the interval over */
  readonly granted: boolean;
}

/** "Which version of the object is durable everywhere?" From an acting member that is to answer a read, to its primary. */
export interface PgReadRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly object: string;
}

export interface PgReadReply {
  /** absent: there is no such object */
  readonly version: Version | null;
}

/** "May I make a whole copy at yours now?" Answered when it is the PG's turn; the place is held until PgTurnEnd or the end of the interval. */
export interface PgTurnRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  /** lower ones first: osd/core/recovery-rank.ts */
  readonly rank: number;
}

export interface PgTurnReply {
}

/** Pushed by whoever holds the place. */
export interface PgTurnEnd {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
}

/** Pushed to it: something more urgent waits. It is to stop between two objects, and may ask again. */
export interface PgYield {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
}

/** "May this PG be scrubbed now?" From its primary to every other acting member; an OSD takes part in few at a time. */
export interface ScrubReserveRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
}

export interface ScrubReserveReply {
  readonly granted: boolean;
}

/** Pushed: it is over, or did not begin after all. */
export interface ScrubRelease {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
}

/** Asks what the receiver has of the objects after a name, in name order. */
export interface ScrubMapRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly after: string;
  /** not empty: this object alone */
  readonly only: string;
  readonly maxObjects: number;
  /** read everything */
  readonly deep: boolean;
  /** durable on every member: must be in the receiver's log */
  readonly settled: Version | null;
}

export interface ScrubMapReply {
  readonly objects: readonly ScrubObject[];
  /** these are all up to here */
  readonly through: string;
  /** and none come after */
  readonly end: boolean;
  /** `settled` is not in its log */
  readonly logGap: boolean;
}

export interface ScrubObject {
  readonly name: string;
  readonly version: Version | null;
  readonly size: number;
  readonly mtimeMs: number;
  /** crc32c of names and values */
  readonly xattrDigest: number;
  /** not deep: counted up to a bound */
  readonly omapEntries: number;
  /** deep: crc32c of keys and values */
  readonly omapDigest: number;
  /** deep: crc32c of the data, holes as zeros */
  readonly dataDigest: number;
  /** written to while it was read: nothing here counts */
  readonly changed: boolean;
  /** not empty: it cannot be read, and why */
  readonly damage: string;
  /** the disk does not give it (EIO): what is there may be right */
  readonly withheld: boolean;
}

/** Replaces the receiver's copy of an object by that of osd `from`, whose version must be the one given (absent: it has none, and the receiver's is removed). The primary keeps the object as it is meanwhile. */
export interface ScrubRepairRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly object: string;
  readonly from: number;
  readonly version: Version | null;
}

export interface ScrubRepairReply {
}

/** What the primary remembers of scrubs (osd/core/scrub-record.ts), for the receiver to keep. */
export interface ScrubRecordRequest {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly record: Uint8Array;
}

export interface ScrubRecordReply {
}

/** Pushed to the primary: the sender has met damage in its copy of an object. */
export interface CopyDamaged {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
  readonly object: string;
}

/** An inode as it is stored in its dentry and sent to clients. */
export interface InodeRecord {
  readonly ino: number;
  /** type and permission bits, as st_mode */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly rdev: number;
  readonly size: number;
  readonly atime: Timespec | null;
  readonly mtime: Timespec | null;
  readonly ctime: Timespec | null;
  readonly btime: Timespec | null;
  /** target */
  readonly symlink: Uint8Array;
  readonly xattrs: readonly KeyValue[];
  /** absent: the default (or what the directory says) */
  readonly layout: Layout | null;
  /** rises with every change */
  readonly version: number;
  /** rises when times are set back explicitly */
  readonly timeWarpSeq: number;
  /** directory: number of names */
  readonly entries: number;
  readonly subdirs: number;
  readonly recursive: RecursiveStats | null;
  /** directory: the inode it is in (0: none) */
  readonly parent: number;
  /** a shrinking in progress: objects from `size` up to here go */
  readonly truncateFrom: number;
  readonly quota: Quota | null;
  /** file: absent, it has no holes */
  readonly space: FileSpace | null;
  /** file: 0, none; else one more than the size that it may have without asking (see GrowRequest) */
  readonly sizeLimit: number;
}

/** See mds/client/file-space.ts. */
export interface FileSpace {
  /** blocks of 4 KiB without data, at most */
  readonly holes: number;
  /** nothing was ever written from here on */
  readonly dataEnd: number;
}

export interface Layout {
  readonly pool: number;
  /** bytes */
  readonly objectSize: number;
  /** bytes */
  readonly stripeUnit: number;
  readonly stripeCount: number;
}

export interface Quota {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

export interface RecursiveStats {
  readonly bytes: number;
  readonly files: number;
  readonly subdirs: number;
  readonly ctime: Timespec | null;
}

/** What a client may do with an inode without asking: bits of mds/client/caps.ts. */
export interface InodeGrant {
  readonly inode: InodeRecord | null;
  /** all the caps it holds now (not a difference) */
  readonly caps: number;
  /** of the last change of this client's caps on this inode */
  readonly seq: number;
  /** the inode is so in memory only: another life of the MDS may give its version to something else */
  readonly unsafe: boolean;
}

/** Every metadata request starts with this. */
export interface RequestHead {
  /** request id together with the session's instance */
  readonly tid: number;
  readonly uid: number;
  readonly gid: number;
  /** supplementary */
  readonly groups: readonly number[];
  /** sent again after a lost connection or MDS */
  readonly replay: boolean;
  /** tids below it will not be replayed */
  readonly oldestTid: number;
  /** the client's clock, for mtime and ctime */
  readonly time: Timespec | null;
  /** nobody waits for its answer: what the session sends after it builds on it, and comes after it */
  readonly ahead: boolean;
}

/** Every metadata reply starts with this. */
export interface ReplyHead {
  /** 0: changed nothing. Safe once JournalSafe.seq reaches it */
  readonly journalSeq: number;
  /** inodes the request touched, the target first */
  readonly grants: readonly InodeGrant[];
  /** data is read and written under these grants with this map or a newer one only */
  readonly barrierEpoch: number;
  /** of who answers: where requests about these inodes go from now on */
  readonly rank: number;
}

/** --- sessions --- */
export interface SessionOpenRequest {
  /** client.<name> */
  readonly name: string;
  readonly instance: number;
  /** reconnect: what it holds since before; none on a first open */
  readonly held: readonly HeldCaps[];
  readonly reconnect: boolean;
  /** path that is its root; empty: / */
  readonly root: string;
  /** reconnect: how many unsafe requests it will send again */
  readonly replays: number;
  /** reconnect: what its processes hold */
  readonly locks: readonly FileLock[];
  /** that it means to ask: by an older map it may be another daemon's */
  readonly rank: number;
}

export interface HeldCaps {
  readonly ino: number;
  readonly caps: number;
  readonly wanted: number;
  readonly seq: number;
  readonly dirty: DirtyInode | null;
  /** has the turn to append (see AppendRequest) */
  readonly appending: boolean;
  /** as in InodeRecord: what it was promised */
  readonly sizeLimit: number;
  /** in CapRelease: as in CapUpdateRequest */
  readonly settled: boolean;
  /** the largest that Grow has allowed calls under way */
  readonly allowedSize: number;
  /** reconnect: tid of an update that is yet to come: some of `caps` may only count as held until then; 0: none */
  readonly telling: number;
}

export interface SessionOpenReply {
  /** the instance, acknowledged */
  readonly session: number;
  /** renew within this */
  readonly leaseMs: number;
  readonly ranges: readonly InoRange[];
  readonly rootIno: number;
  /** false on a reconnect: the old session is gone (evicted) */
  readonly resumed: boolean;
}

export interface InoRange {
  readonly first: number;
  readonly count: number;
}

export interface SessionRenewRequest {
  readonly seq: number;
  /** as in RequestHead: one who asks nothing tells it here */
  readonly oldestTid: number;
}

export interface SessionRenewReply {
  readonly leaseMs: number;
}

export interface SessionCloseRequest {
}

export interface SessionCloseReply {
}

export interface AllocateInosRequest {
  readonly count: number;
}

export interface AllocateInosReply {
  readonly ranges: readonly InoRange[];
}

/** Pushed after each journal commit that made something of this session safe. */
export interface JournalSafe {
  readonly seq: number;
}

/** Ask for the journal to be committed up to seq now; answered when it is safe. */
export interface JournalFlushRequest {
  readonly seq: number;
}

export interface JournalFlushReply {
  readonly seq: number;
}

/** --- capabilities --- Pushed: give back what is not in `keep`, after writing back and invalidating; then CapUpdate with this seq. */
export interface CapRecall {
  readonly ino: number;
  readonly keep: number;
  readonly seq: number;
}

/** Pushed: the MDS gives more, or new values (attributes changed by another). */
export interface CapGrant {
  readonly grant: InodeGrant | null;
  /** as in ReplyHead */
  readonly barrierEpoch: number;
}

/** A client's answer to a recall, a flush of dirty attributes, a release, or a wish for more. */
export interface CapUpdateRequest {
  /** for exact-once, as in RequestHead */
  readonly tid: number;
  readonly ino: number;
  /** kept after this */
  readonly caps: number;
  /** what its open handles want */
  readonly wanted: number;
  /** of the last recall or grant it has seen */
  readonly seq: number;
  readonly dirty: DirtyInode | null;
  /** commit to the journal before answering */
  readonly flush: boolean;
  readonly replay: boolean;
  /** as in RequestHead: answers below it are not asked for again */
  readonly oldestTid: number;
  /** ends the session's turn to append */
  readonly appended: boolean;
  /** with fileExclusive it gives back the right to decide about locks */
  readonly lockStates: readonly LockState[];
  /** all that it has written is on the OSDs and told: it writes no further before it has asked again (see GrowRequest) */
  readonly settled: boolean;
  /** Ahead of the answer to a recall of fileExclusive: nothing is given back yet, but the file is as long as has been told, its data is on the OSDs, and it grows no further without GrowRequest. The answer itself may wait for the kernel, and that for a GrowRequest. */
  readonly sizeTold: boolean;
  /** calls under way have asked by GrowRequests to make the file so long, and may not have heard yet; 0: there are none */
  readonly askedSize: number;
  /** of a file that is being cut: the size that it has, which is not told as it is to go; 0: all is told */
  readonly untoldSize: number;
}

export interface DirtyInode {
  readonly size: number;
  readonly mtime: Timespec | null;
  readonly atime: Timespec | null;
  readonly ctime: Timespec | null;
  /** bits: 1 size, 2 mtime, 4 atime, 8 ctime, 16 space */
  readonly fields: number;
  readonly timeWarpSeq: number;
  /** blocks of 4 KiB that became data since it was last told; below zero: holes */
  readonly filled: number;
  /** end of the last byte written */
  readonly dataEnd: number;
  /** with space among the fields: `filled` need not be so, the OSDs are to be asked when nobody writes to it */
  readonly unsure: boolean;
  /** with space among the fields: what is told is told ahead of the data, which goes up to here; 0: it is stored, or the file's reach says so */
  readonly reach: number;
}

export interface CapUpdateReply {
  readonly journalSeq: number;
  /** when caps were wanted and could be given */
  readonly grant: InodeGrant | null;
  /** as in ReplyHead */
  readonly barrierEpoch: number;
}

/** Releases of many clean inodes at once (the client's cache shrank). */
export interface CapReleaseRequest {
  readonly released: readonly HeldCaps[];
}

export interface CapReleaseReply {
}

/** Pushed under memory pressure: hold no more than so many caps. */
export interface SessionTrim {
  readonly capsMax: number;
  /** nothing is with this rank any more: close the session; caps_max means nothing */
  readonly resigned: boolean;
}

/** --- locks --- Bytes of a file locked by flock(2) (always all of them) or fcntl(2). Positions go to 2^63 - 1: each in two halves. */
export interface FileLock {
  readonly ino: number;
  readonly flock: boolean;
  /** the session's name for who holds it: a process, or an open file description */
  readonly owner: string;
  readonly pid: number;
  /** 0 none (unlock), 1 read, 2 write */
  readonly type: number;
  readonly startHigh: number;
  readonly startLow: number;
  /** of the last byte */
  readonly endHigh: number;
  readonly endLow: number;
}

/** What a session holds on one file, of one kind: after it has decided alone (see mds/README.md). */
export interface LockState {
  readonly ino: number;
  readonly flock: boolean;
  readonly locks: readonly FileLock[];
}

export interface LockRequest {
  readonly head: RequestHead | null;
  readonly lock: FileLock | null;
  /** 0: don't; else the session's number for the wait */
  readonly wait: number;
  /** only say what is in the way */
  readonly test: boolean;
  /** counts before the request */
  readonly state: LockState | null;
}

export interface LockReply {
  readonly head: ReplyHead | null;
  /** 0 granted, 1 waiting (LockGranted follows), 2 busy, 3 would deadlock, 4 too many locks */
  readonly outcome: number;
  /** of a test */
  readonly blocker: FileLock | null;
  /** the session's: its pid means something */
  readonly blockerIsOwn: boolean;
}

export interface LockCancelRequest {
  readonly head: RequestHead | null;
  readonly wait: number;
}

export interface LockCancelReply {
  readonly head: ReplyHead | null;
  /** false: it is not waiting (any more) */
  readonly cancelled: boolean;
}

/** Pushed: a wait is over, the lock is held. */
export interface LockGranted {
  readonly wait: number;
  /** as in ReplyHead */
  readonly barrierEpoch: number;
}

/** --- lookup and attributes --- */
export interface LookupRequest {
  readonly head: RequestHead | null;
  readonly parent: number;
  /** empty: the parent itself; ".." is answered for directories */
  readonly name: Uint8Array;
}

export interface LookupReply {
  readonly head: ReplyHead | null;
  readonly found: boolean;
  /** cookie of the name, as in listings; 0: not told */
  readonly offset: number;
  /** the name leads to a directory that another rank holds: grants has the parent alone */
  readonly elsewhereIno: number;
  readonly elsewhereRank: number;
}

export interface GetAttrRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
}

export interface GetAttrReply {
  readonly head: ReplyHead | null;
}

export interface SetAttrRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  /** bits of mds/client/set-attr.ts */
  readonly fields: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly atime: Timespec | null;
  readonly mtime: Timespec | null;
  readonly ctime: Timespec | null;
  /** with size: how far the client may have written (its own size, when it is ahead of the MDS's) */
  readonly knownSize: number;
  /** with `space` among the fields: as in DirtyInode, before the new size counts */
  readonly filled: number;
  readonly dataEnd: number;
  readonly unsure: boolean;
}

export interface SetAttrReply {
  readonly head: ReplyHead | null;
}

export interface SetXattrRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  readonly name: Uint8Array;
  readonly value: Uint8Array;
  /** 1 XATTR_CREATE, 2 XATTR_REPLACE */
  readonly flags: number;
}

export interface SetXattrReply {
  readonly head: ReplyHead | null;
}

/** An attribute that is computed: nacre.* or ceph.*. */
export interface GetXattrRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  readonly name: Uint8Array;
  /** counts in this answer */
  readonly untold: readonly UntoldSize[];
}

/** A file that has become longer at the client, which the MDS has still to be told. */
export interface UntoldSize {
  readonly ino: number;
  readonly size: number;
}

export interface GetXattrReply {
  readonly head: ReplyHead | null;
  readonly value: Uint8Array;
}

export interface RemoveXattrRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  readonly name: Uint8Array;
}

export interface RemoveXattrReply {
  readonly head: ReplyHead | null;
}

/** --- names --- Replies carry grants: [0] the inode made or named, then the directories changed. */
export interface CreateRequest {
  readonly head: RequestHead | null;
  readonly parent: number;
  /** empty: a regular file without a name (O_TMPFILE) */
  readonly name: Uint8Array;
  /** as the caller gave it: the MDS applies umask, or the parent's default ACL */
  readonly mode: number;
  readonly umask: number;
  readonly rdev: number;
  readonly symlink: Uint8Array;
  /** from the session's ranges */
  readonly ino: number;
  /** caps its open handle wants; 0: not opened */
  readonly wanted: number;
  /** O_EXCL; else an existing regular file is opened */
  readonly exclusive: boolean;
  /** of a file that is new: as in GrowRequest, from the start */
  readonly reach: number;
  /** in a replay: what the answer said, where the name is to be again */
  readonly offset: number;
}

export interface CreateReply {
  readonly head: ReplyHead | null;
  readonly created: boolean;
  /** cookie of the name; 0: not told */
  readonly offset: number;
}

export interface OpenRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  /** caps the session's open handles want, all together */
  readonly wanted: number;
  /** 4 read, 2 write: rights to check */
  readonly access: number;
  readonly truncate: boolean;
  /** with truncate: how far the client may have written */
  readonly knownSize: number;
  /** with truncate: as in GrowRequest */
  readonly reach: number;
}

export interface OpenReply {
  readonly head: ReplyHead | null;
}

/** To append to a file that several sessions write to. With `data` (64 KiB at most) the MDS stores it at the file's end, together with what others have sent, and answers when it is there. Without: the turn to do so oneself; one has it at a time, in the order they asked. The answer's record has the size at which to append. It ends with a CapUpdate that says `appended`, or with the session. */
export interface AppendRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  readonly data: Uint8Array;
  /** in a replay: what the answer said; the data is stored already, and not sent again */
  readonly end: number;
  /** likewise */
  readonly beneath: readonly AppendedRecord[];
}

export interface AppendReply {
  readonly head: ReplyHead | null;
  /** where the data ends; 0: not known any more, as it has been in the journal for long */
  readonly end: number;
  /** it was not taken: such a file's size is its writers' affair (a quota, stripes); take turns */
  readonly byTurn: boolean;
  /** of other sessions, and not in the journal yet: their answers may not have been heard */
  readonly beneath: readonly AppendedRecord[];
}

export interface AppendedRecord {
  readonly instance: number;
  readonly tid: number;
  readonly end: number;
}

/** Before a file becomes longer. `size`: below a quota it is to have more bytes than its record's size_limit allows; EDQUOT: it may not. `reach`: when this is in the journal, data of the file may be sent to the OSDs up to there before its size and space are told. */
export interface GrowRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  /** 0: not asked for */
  readonly size: number;
  /** 0: not asked for */
  readonly reach: number;
}

export interface GrowReply {
  readonly head: ReplyHead | null;
}

/** The quota of bytes that binds what is in a directory, or a file: of several, the one with the least room. */
export interface QuotaRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  /** counts in this answer */
  readonly untold: readonly UntoldSize[];
}

export interface QuotaReply {
  readonly head: ReplyHead | null;
  /** what leaves least of each, perhaps of two directories; absent: nothing binds */
  readonly quota: Quota | null;
  /** used of max_bytes */
  readonly bytes: number;
  /** used of max_files: files and directories */
  readonly files: number;
}

export interface LinkRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  readonly parent: number;
  readonly name: Uint8Array;
  /** the client made it without a name: this may be its first */
  readonly unnamed: boolean;
  /** that decides about the inode, as far as the client knows */
  readonly rank: number;
  /** as in CreateRequest */
  readonly offset: number;
}

export interface LinkReply {
  readonly head: ReplyHead | null;
  /** cookie of the name; 0: not told */
  readonly offset: number;
}

export interface UnlinkRequest {
  readonly head: RequestHead | null;
  readonly parent: number;
  readonly name: Uint8Array;
  /** rmdir */
  readonly directory: boolean;
  /** rmdir: the directory that the caller takes it for; another one is left alone (ESTALE). 0: any */
  readonly expected: number;
}

export interface UnlinkReply {
  readonly head: ReplyHead | null;
}

export interface RenameRequest {
  readonly head: RequestHead | null;
  readonly parent: number;
  readonly name: Uint8Array;
  readonly newParent: number;
  readonly newName: Uint8Array;
  /** 1 RENAME_NOREPLACE, 2 RENAME_EXCHANGE */
  readonly flags: number;
  /** that decides about the new parent, as far as the client knows */
  readonly newParentRank: number;
  /** the directory that the caller takes the new name for; else nothing is done (ESTALE). 0: anything, or nothing */
  readonly expectedTarget: number;
  /** as in CreateRequest, of the new name */
  readonly offset: number;
}

export interface RenameReply {
  /** head.journal_seq 0: two names of one inode, nothing has changed */
  readonly head: ReplyHead | null;
  readonly replaced: boolean;
  /** cookie of the new name; 0: not told */
  readonly offset: number;
  /** with RENAME_EXCHANGE: that of the old one */
  readonly otherOffset: number;
}

export interface ReadDirRequest {
  readonly head: RequestHead | null;
  readonly ino: number;
  /** cookie of the last entry received; 0: start */
  readonly offset: number;
  readonly maxEntries: number;
  /** with each inode, as READDIRPLUS */
  readonly attributes: boolean;
}

export interface ReadDirReply {
  readonly head: ReplyHead | null;
  readonly entries: readonly DirEntry[];
  /** nothing after the last of these */
  readonly end: boolean;
}

export interface DirEntry {
  readonly name: Uint8Array;
  /** cookie: the hash position of the name, stable while it exists */
  readonly offset: number;
  readonly ino: number;
  /** type bits at least */
  readonly mode: number;
  /** when attributes were asked for */
  readonly grant: InodeGrant | null;
}

/** What one rank tells another (mds/core/subtrees.ts), in order: answered when it is in the journal of whoever is told, once. */
export interface RankMessageRequest {
  /** rank */
  readonly from: number;
  /** one above that of the message before, between these two ranks */
  readonly seq: number;
  /** as in the journal (mds/store/subtree-codec.ts) */
  readonly body: Uint8Array;
  /** rank that is meant */
  readonly to: number;
}

export interface RankMessageReply {
}

/** What one rank asks another of what that decides about, for a change of names that both take part in (mds/ops/across.ts). What is lent stays as it is until the asker has sent it back; the loan itself comes as a RankMessage. */
export interface RankAskRequest {
  /** rank */
  readonly from: number;
  /** how the asker calls it */
  readonly loan: string;
  /** mds/core/loans.ts: the turn, a directory and a name in it, an inode; or something that is only told */
  readonly kind: number;
  readonly ino: number;
  readonly name: Uint8Array;
  /** on whose behalf */
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** of the client */
  readonly instance: number;
  /** rank that is meant */
  readonly to: number;
}

export interface RankAskReply {
  readonly directory: RankDirectory | null;
  /** what the directory has under it */
  readonly name: RankName | null;
  readonly inode: RankInode | null;
  readonly share: RankShare | null;
}

export interface RankDirectory {
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly nlink: number;
  /** rights that the caller has */
  readonly access: number;
  /** a quota binds what is in it */
  readonly limited: boolean;
  /** itself, and the directories above as far as the rank decides about them */
  readonly above: readonly number[];
  /** the next, which another has; 0: there is none */
  readonly beyondIno: number;
  readonly beyondRank: number;
}

export interface RankName {
  readonly ino: number;
  /** its type bits */
  readonly type: number;
  /** that decides about it */
  readonly rank: number;
  readonly position: number;
  /** the rank has no other name of it; only of what another decides about */
  readonly last: boolean;
}

export interface RankInode {
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly nlink: number;
  readonly entries: number;
  readonly access: number;
  /** by the client that is named */
  readonly open: boolean;
  /** a quota counts what it holds */
  readonly limited: boolean;
}

/** What a rank has of an inode that is compared between ranks (mds/background/scrub/check-shared.ts). */
export interface RankShare {
  /** names here of what the asker decides about */
  readonly names: number;
  /** the directory of that which counts what the inode holds; 0: it is not known */
  readonly parent: number;
  /** counted there */
  readonly bytes: number;
  readonly files: number;
  readonly subdirs: number;
  /** of that name, as far as it is known here */
  readonly path: string;
  /** decided about here, and the asker is known to have names; or: the number is in use here, or given to a client */
  readonly known: boolean;
}

/** An administrator asks who has a session, and ends one. */
export interface SessionListRequest {
}

export interface SessionListReply {
  readonly sessions: readonly SessionInfo[];
}

export interface SessionInfo {
  readonly name: string;
  readonly instance: number;
  /** path that is its root; empty: the whole */
  readonly root: string;
  /** inodes that it holds something of */
  readonly caps: number;
  readonly connected: boolean;
  /** until its lease ends; 0: it has */
  readonly leaseMs: number;
  /** on its way out: it is refused, and its lease is waited for */
  readonly evicting: boolean;
  /** no request with a smaller tid is sent again */
  readonly oldestTid: number;
  /** of its requests from there on that changed something */
  readonly answers: number;
  /** that it connects from; empty: it is not connected */
  readonly address: string;
  /** that it has not answered yet */
  readonly recalls: number;
  /** of this session, since this MDS serves the rank */
  readonly requests: number;
}

export interface SessionEvictRequest {
  readonly instance: number;
}

export interface SessionEvictReply {
  /** of the map from which on the OSDs refuse it */
  readonly epoch: number;
}

/** An administrator looks at what a rank has in memory. */
export interface RankReportRequest {
}

export interface RankReportReply {
  readonly rank: number;
  readonly state: string;
  /** in the cache */
  readonly names: number;
  /** beyond it clean ones go, and clients are asked to give back */
  readonly namesMax: number;
  readonly inodes: number;
  readonly directories: number;
  /** of all sessions together: inodes that each holds something of */
  readonly caps: number;
  /** unanswered */
  readonly recalls: number;
  readonly sessions: number;
  /** with changes that only the journal has */
  readonly unwrittenObjects: number;
  /** unlinked files whose objects are still to go */
  readonly strays: number;
  readonly journalSegments: number;
  /** position of the newest */
  readonly journalEntries: number;
  /** begun since this MDS serves the rank */
  readonly evictions: number;
  /** carried out since then */
  readonly operations: readonly OperationCount[];
  /** that one client may hold */
  readonly capsMax: number;
}

export interface OperationCount {
  readonly name: string;
  readonly count: number;
}

/** What is in the cache: at a path, below it, or of one client. */
export interface CacheDumpRequest {
  /** empty: wherever it is */
  readonly path: string;
  /** with all below it */
  readonly below: boolean;
  /** only what that client holds something of; 0: all */
  readonly instance: number;
  /** so many at most */
  readonly max: number;
  /** with a path: the root of a subtree of this rank, and where that is; 0: the root of all */
  readonly rootIno: number;
  readonly rootPath: string;
}

export interface CacheDumpReply {
  readonly inodes: readonly CachedInode[];
  /** there are more than were asked for */
  readonly more: boolean;
  /** what another rank has of what was asked for */
  readonly elsewhere: readonly CacheElsewhere[];
}

export interface CacheElsewhere {
  readonly rank: number;
  /** the root of its subtree */
  readonly ino: number;
  readonly path: string;
}

export interface CachedInode {
  readonly ino: number;
  /** as far as it is known here */
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly nlink: number;
  readonly caps: readonly CachedCap[];
}

/** What one client has of an inode. */
export interface CachedCap {
  readonly client: string;
  readonly instance: number;
  /** bits of mds/client/caps.ts */
  readonly issued: number;
  /** by what is open there */
  readonly wanted: number;
  /** since it was asked to give some back, and has not answered; 0: it was not */
  readonly recallMs: number;
}

/** An administrator has the journal or the tables of a rank looked at, or repaired when they are damaged: begins what `action` says, and is answered how the last order goes. */
export interface RankRepairRequest {
  readonly rank: number;
  /** empty: only how it goes; inspect, recover, reset, reset-sessions, reset-numbers, look-at-data, rebuild, start (mds/client/repair-report.ts) */
  readonly action: string;
  /** reset: also when what can be read has not been recovered */
  readonly discard: boolean;
}

export interface RankRepairReply {
  /** RepairStatus as JSON (mds/client/repair-report.ts) */
  readonly status: string;
}

/** Requests by name, each with its reply. */
export interface Requests {
  readonly mapSubscribe: { readonly request: MapSubscribeRequest; readonly reply: MapSubscribeReply };
  readonly mapGet: { readonly request: MapGetRequest; readonly reply: MapGetReply };
  readonly osdBoot: { readonly request: OsdBootRequest; readonly reply: OsdBootReply };
  readonly osdBeacon: { readonly request: OsdBeaconRequest; readonly reply: OsdBeaconReply };
  readonly failureReport: { readonly request: FailureReportRequest; readonly reply: FailureReportReply };
  readonly pgCertify: { readonly request: PgCertifyRequest; readonly reply: PgCertifyReply };
  readonly mdsBeacon: { readonly request: MdsBeaconRequest; readonly reply: MdsBeaconReply };
  readonly clientBeacon: { readonly request: ClientBeaconRequest; readonly reply: ClientBeaconReply };
  readonly command: { readonly request: CommandRequest; readonly reply: CommandReply };
  readonly statfs: { readonly request: StatfsRequest; readonly reply: StatfsReply };
  readonly osdOp: { readonly request: OsdOpRequest; readonly reply: OsdOpReply };
  readonly pgQuery: { readonly request: PgQueryRequest; readonly reply: PgQueryReply };
  readonly pgLog: { readonly request: PgLogRequest; readonly reply: PgLogReply };
  readonly pgActivate: { readonly request: PgActivateRequest; readonly reply: PgActivateReply };
  readonly pgReset: { readonly request: PgResetRequest; readonly reply: PgResetReply };
  readonly pgList: { readonly request: PgListRequest; readonly reply: PgListReply };
  readonly push: { readonly request: PushRequest; readonly reply: PushReply };
  readonly pull: { readonly request: PullRequest; readonly reply: PullReply };
  readonly pgStray: { readonly request: PgStrayRequest; readonly reply: PgStrayReply };
  readonly pgTurn: { readonly request: PgTurnRequest; readonly reply: PgTurnReply };
  readonly scrubReserve: { readonly request: ScrubReserveRequest; readonly reply: ScrubReserveReply };
  readonly scrubMap: { readonly request: ScrubMapRequest; readonly reply: ScrubMapReply };
  readonly scrubRepair: { readonly request: ScrubRepairRequest; readonly reply: ScrubRepairReply };
  readonly scrubRecord: { readonly request: ScrubRecordRequest; readonly reply: ScrubRecordReply };
  readonly pgReserve: { readonly request: PgReserveRequest; readonly reply: PgReserveReply };
  readonly pgRead: { readonly request: PgReadRequest; readonly reply: PgReadReply };
  readonly sessionOpen: { readonly request: SessionOpenRequest; readonly reply: SessionOpenReply };
  readonly sessionRenew: { readonly request: SessionRenewRequest; readonly reply: SessionRenewReply };
  readonly sessionClose: { readonly request: SessionCloseRequest; readonly reply: SessionCloseReply };
  readonly allocateInos: { readonly request: AllocateInosRequest; readonly reply: AllocateInosReply };
  readonly journalFlush: { readonly request: JournalFlushRequest; readonly reply: JournalFlushReply };
  readonly capUpdate: { readonly request: CapUpdateRequest; readonly reply: CapUpdateReply };
  readonly capRelease: { readonly request: CapReleaseRequest; readonly reply: CapReleaseReply };
  readonly lookup: { readonly request: LookupRequest; readonly reply: LookupReply };
  readonly getAttr: { readonly request: GetAttrRequest; readonly reply: GetAttrReply };
  readonly setAttr: { readonly request: SetAttrRequest; readonly reply: SetAttrReply };
  readonly setXattr: { readonly request: SetXattrRequest; readonly reply: SetXattrReply };
  readonly removeXattr: { readonly request: RemoveXattrRequest; readonly reply: RemoveXattrReply };
  readonly create: { readonly request: CreateRequest; readonly reply: CreateReply };
  readonly open: { readonly request: OpenRequest; readonly reply: OpenReply };
  readonly link: { readonly request: LinkRequest; readonly reply: LinkReply };
  readonly unlink: { readonly request: UnlinkRequest; readonly reply: UnlinkReply };
  readonly rename: { readonly request: RenameRequest; readonly reply: RenameReply };
  readonly readDir: { readonly request: ReadDirRequest; readonly reply: ReadDirReply };
  readonly append: { readonly request: AppendRequest; readonly reply: AppendReply };
  readonly lock: { readonly request: LockRequest; readonly reply: LockReply };
  readonly lockCancel: { readonly request: LockCancelRequest; readonly reply: LockCancelReply };
  readonly getXattr: { readonly request: GetXattrRequest; readonly reply: GetXattrReply };
  readonly grow: { readonly request: GrowRequest; readonly reply: GrowReply };
  readonly quota: { readonly request: QuotaRequest; readonly reply: QuotaReply };
  readonly sessionList: { readonly request: SessionListRequest; readonly reply: SessionListReply };
  readonly sessionEvict: { readonly request: SessionEvictRequest; readonly reply: SessionEvictReply };
  readonly rankMessage: { readonly request: RankMessageRequest; readonly reply: RankMessageReply };
  readonly rankAsk: { readonly request: RankAskRequest; readonly reply: RankAskReply };
  readonly rankRepair: { readonly request: RankRepairRequest; readonly reply: RankRepairReply };
  readonly rankReport: { readonly request: RankReportRequest; readonly reply: RankReportReply };
  readonly cacheDump: { readonly request: CacheDumpRequest; readonly reply: CacheDumpReply };
}

/** Messages that have no answer. */
export interface Pushes {
  readonly hello: Hello;
  readonly cancel: Cancel;
  readonly ping: Ping;
  readonly pong: Pong;
  readonly mapUpdate: MapUpdate;
  readonly repOp: RepOp;
  readonly repAck: RepAck;
  readonly pgTurnEnd: PgTurnEnd;
  readonly pgYield: PgYield;
  readonly scrubRelease: ScrubRelease;
  readonly copyDamaged: CopyDamaged;
  readonly journalSafe: JournalSafe;
  readonly capRecall: CapRecall;
  readonly capGrant: CapGrant;
  readonly sessionTrim: SessionTrim;
  readonly lockGranted: LockGranted;
}
