export { Access, isMember, mayAccess, type Caller } from './access.ts';
export { Cap, DirtyField, SetAttrField, exclusiveCaps, type Caps } from './caps.ts';
export { Change } from './change.ts';
export { blocksOf, dataBlocks, nothingFilled, spaceBlockBytes, type Filled } from './file-space.ts';
export { FileType, ModeBit } from './file-mode.ts';
export { HashBag, nameHash } from './hash-bag.ts';
export { fileBytesMax } from './limits.ts';
export { MdsClient, type MdsClientHandlers, type MdsClientOptions } from './mds-client.ts';
export { AclName, capabilityName, virtualName, xattrNamespace, type XattrNamespace } from './xattr-name.ts';
