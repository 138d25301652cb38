export { Cap, DirtyField, SetAttrField, exclusiveCaps, type Caps } from './caps.ts';
export { Change } from './change.ts';
export { MdsClient, type Caller, type MdsClientHandlers, type MdsClientOptions } from './mds-client.ts';
