/**
 * Links to the other OSDs, by the newest map, and word to the mon about those that cannot be reached.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import { entityName, type OsdId } from '../common/maps/ids.ts';
import type { Messenger, PeerLink, Session } from '../common/wire/session.ts';
import type { MonClient } from '../mon/client/mon-client.ts';

export class PeerSessions {
  readonly #messenger: Messenger;
  readonly #monClient: MonClient;
  readonly #links = new Map<OsdId, PeerLink>();
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
      link.close(`osd.${osd} is ${info?.up === true ? `at ${info.address} now` : 'down'}`);
    }
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
