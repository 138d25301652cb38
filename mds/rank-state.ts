/** How far a rank has come in its life. */
export type RankState =
  /** Another has the rank; reads its journal as it grows. */
  | 'standby-replay'
  /** Reads tables and journal. */
  | 'replay'
  /** Waits for the clients of the life before; replays only. */
  | 'reconnect'
  /** Serves. */
  | 'active'
  /** It is to be a rank no more, and has nothing left. */
  | 'resigned'
  | 'stopped'
  /** What it needs is damaged: it does not serve, and keeps the rank so that a person sees what is wrong. */
  | 'damaged';
