/**
 * Links to the other OSDs, by the newest map, and word to the mon about those that cannot be reached.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import { entityName, type InstanceId, type OsdId } from '../common/maps/ids.ts';
import type { Messenger, PeerLink, Session } from '../common/wire/session.ts';
import type { MonClient } from '../mon/client/mon-client.ts';

/** Shorter silences are nothing: a peer is asked for a sign of life every two seconds. */
const silentMs = 4_000;

export class PeerSessions {
  readonly #messenger: Messenger;
  readonly #monClient: MonClient;
  readonly #links = new Map<OsdId, PeerLink>();
  /** Since when those that do not answer have been silent. */
  readonly #silentSince = new Map<OsdId, number>();
  #stopped = false;

  constructor(messenger: Messenger, monClient: MonClient) {
    this.#messenger = messenger;
    this.#monClient = monClient;
  }

  /** The open session to an OSD; undefined while there is none (it is being connected). */
  session(osd: OsdId): Session | undefined {
    return this.link(osd)?.session;
  }

  /** The link to an OSD that is up; undefined when it is not. */
  link(osd: OsdId): PeerLink | undefined {
    const link = this.#links.get(osd);
    if (link !== undefined) return link;
    return this.#open(osd);
  }

  /** As `link`, for requests. Throws EAGAIN when it is down. */
  need(osd: OsdId): PeerLink {
    const link = this.link(osd);
    if (link === undefined) throw new FsError('EAGAIN', `osd.${osd} is down`, { retry: 'safe' });
    return link;
  }

  /** Closes links that the map no longer justifies. */
  enterMap(map: ClusterMap): void {
    for (const [osd, link] of this.#links) {
      const info = map.osds.get(osd);
      if (info?.up === true && info.address === link.address) continue;
      this.#links.delete(osd);
      this.#silentSince.delete(osd);
      link.close(`osd.${osd} is ${info?.up === true ? `at ${info.address} now` : 'down'}`);
    }
  }

  /** Those that are up and have not answered for a while, each with how long: for the mon (core/apart.ts there). */
  unreachable(nowMs: number): readonly { readonly osd: OsdId; readonly instance: InstanceId; readonly forMs: number }[] {
    const found = [];
    for (const [osd, { session }] of this.#links) {
      if (session !== undefined && session.silentMs < silentMs) {
        this.#silentSince.delete(osd);
        continue;
      }
      const since = this.#silentSince.get(osd) ?? nowMs - (session?.silentMs ?? 0);
      this.#silentSince.set(osd, since);
      const instance = this.#monClient.map.osds.get(osd)?.instance;
      if (instance !== undefined && nowMs - since >= silentMs) found.push({ osd, instance, forMs: Math.floor(nowMs - since) });
    }
    return found;
  }

  stop(): void {
    this.#stopped = true;
    for (const link of this.#links.values()) link.close('stopping');
    this.#links.clear();
  }

  #open(osd: OsdId): PeerLink | undefined {
    const info = this.#monClient.map.osds.get(osd);
    if (this.#stopped || info?.up !== true) return undefined;
    const link = this.#messenger.link(entityName('osd', osd), info.address);
    this.#links.set(osd, link);
    link.onUnreachable((refused) => {
      const now = this.#monClient.map.osds.get(osd);
      if (now?.up === true && now.address === link.address) this.#monClient.reportFailure(link.entity, now.instance, refused);
    });
    return link;
  }
}
