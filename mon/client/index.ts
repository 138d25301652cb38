export type { MonClient } from './mon-client.ts';
export { MapFollower, type MapFollowerOptions } from './map-follower.ts';
