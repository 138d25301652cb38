/**
 * Goes through all objects of a pool, those of one inode together: their names begin with its number, and come in their order.
 * @module
 */
import type { PoolId } from '../../../common/maps/ids.ts';
import type { NamesPage } from '../../../osd/client/object-client.ts';
import type { ScrubRun } from './scrub-run.ts';

/** Names of one PG in a page. */
const namesPerPg = 128;

export interface ObjectGrouping<P extends { readonly ino: number }, G extends { readonly ino: number }> {
  /** What an object's name says; undefined: it is none that is looked for. */
  readonly parse: (name: string) => P | undefined;
  /** A group with its first object. */
  readonly begin: (part: P) => G;
  readonly add: (group: G, part: P) => unknown;
}

/** Yields, page by page, the groups that are whole by then. */
export async function* objectsByInode<P extends { readonly ino: number }, G extends { readonly ino: number }>(
  run: ScrubRun,
  pool: PoolId,
  { parse, begin, add }: ObjectGrouping<P, G>,
): AsyncGenerator<readonly G[]> {
  let group: G | undefined;
  for (let after: string | undefined = ''; after !== undefined;) {
    const { names, through }: NamesPage = await run.parts.objects.names(pool, '', after, namesPerPg);
    const ended: G[] = [];
    for (const name of names) {
      const part = parse(name);
      if (part === undefined) continue;
      run.count('objects');
      if (group?.ino === part.ino) {
        add(group, part);
        continue;
      }
      if (group !== undefined) ended.push(group);
      group = begin(part);
    }
    if (through === undefined && group !== undefined) ended.push(group);
    yield ended;
    after = through;
    if (after !== undefined) await run.pace();
  }
}
