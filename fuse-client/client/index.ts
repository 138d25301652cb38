export { connectFilesystem, type ConnectedFilesystem, type ConnectOptions } from './connect.ts';
export { Paths, type PathEntry } from './paths.ts';
export { PathFile } from './path-file.ts';
