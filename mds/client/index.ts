export { Cap, DirtyField, SetAttrField, exclusiveCaps, type Caps } from './caps.ts';
export { Change } from './change.ts';
export { FileType, ModeBit } from './file-mode.ts';
export { MdsClient, type Caller, type MdsClientHandlers, type MdsClientOptions } from './mds-client.ts';
