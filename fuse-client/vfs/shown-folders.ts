/**
 * Which directories the kernel takes names to lead to. By rmdir(2), and by rename(2) over a directory, it ends the one that it has looked up, for
 * good: whoever is in there on this host can make nothing in it any more. Should another host put another directory in its place between
 * the lookup and the request, the wrong one would be ended. So the MDS is told which is meant, and refuses when it is not there; then Linux
 * looks again, once. Who is refused twice running has it done whatever is there.
 * @module
 */
import type { ByteString, Ino } from '../../common/maps/ids.ts';

export class ShownFolders {
  readonly #byPlace = new Map<string, Ino>();
  /** Of each the last place: the kernel knows a directory by one name at a time. */
  readonly #places = new Map<Ino, string>();
  /** Who was refused last, and where. */
  #refused = '';

  /** The kernel is told of the directory `ino` by this name, or has given it that name itself. */
  show(ino: Ino, parent: Ino, name: ByteString): void {
    const place = placeOf(parent, name);
    if (this.#places.get(ino) !== place) this.forget(ino);
    this.#byPlace.set(place, ino);
    this.#places.set(ino, place);
  }

  /** It does not have that inode any more, or not by that name. */
  forget(ino: Ino): void {
    const place = this.#places.get(ino);
    if (place === undefined) return;
    this.#places.delete(ino);
    if (this.#byPlace.get(place) === ino) this.#byPlace.delete(place);
  }

  /** It looks up everything anew. */
  forgetAll(): void {
    this.#byPlace.clear();
    this.#places.clear();
  }

  /** What is to be there for the call of thread `pid`; 0: whatever there is. */
  expected(pid: number, parent: Ino, name: ByteString): number {
    const place = placeOf(parent, name);
    return this.#refused === callOf(pid, place) ? 0 : (this.#byPlace.get(place) ?? 0);
  }

  /** That call found something else there. */
  refused(pid: number, parent: Ino, name: ByteString): void {
    this.#refused = callOf(pid, placeOf(parent, name));
  }

  /** It was not refused. */
  done(): void {
    this.#refused = '';
  }
}

function placeOf(parent: Ino, name: ByteString): string {
  return `${parent}/${name}`;
}

function callOf(pid: number, place: string): string {
  return `${pid} ${place}`;
}
