export { Access, isMember, mayAccess, mayUnstick, type Caller } from './access.ts';
export { backtraceXattr, encodeBacktrace, lineageMax, type Home } from './backtrace.ts';
export { allCaps, Cap, directoryAll, DirtyField, SetAttrField, exclusiveCaps, type Caps } from './caps.ts';
export { dumpCaches, type CacheDumps, type DumpWish, type FoundInode } from './cache-dumps.ts';
export { Change } from './change.ts';
export { clientSessions, evictClient, type ClientSession, type RankAdmin } from './client-sessions.ts';
export { dataObject, storedObjects, type StoredObjects } from './data-objects.ts';
export { blocksOf, dataBlocks, nothingFilled, spaceBlockBytes, type Filled } from './file-space.ts';
export { FileType, ModeBit } from './file-mode.ts';
export { HashBag, nameHash } from './hash-bag.ts';
export { lastByte, LockTable, LockType, wholeFile, type LockRange } from './lock-table.ts';
export { decodeLock, encodeLock, LockOutcome, type SessionLock } from './lock-wire.ts';
export { appendBytesMax, fileBytesMax, linksMax } from './limits.ts';
export { MdsRanks, type HeldByRank } from './mds-ranks.ts';
export { MdsClient, type MdsClientHandlers, type MdsClientOptions } from './mds-client.ts';
export { groupAndMode, mayMakeNode, withoutUmask } from './new-inode.ts';
export {
  repairActions,
  type GapReport,
  type JournalReport,
  type RebuildReport,
  type RecoverReport,
  type RepairAction,
  type RepairStatus,
  type ResetReport,
  type TableReport,
} from './repair-report.ts';
export { servingMds } from './serving-mds.ts';
export { isLater, laterOf } from './timespec.ts';
export { AclName, capabilityName, virtualName, xattrNamespace, type XattrNamespace } from './xattr-name.ts';
