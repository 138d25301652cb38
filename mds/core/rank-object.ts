/** Name of an object of the metadata pool that each rank has one of. Rank 0's have the names from before there were others. */
export function rankObject(rank: number, name: string): string {
  return rank === 0 ? name : `rank${rank.toString(16)}.${name}`;
}
