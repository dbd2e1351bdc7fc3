import { appendEvent, jsonEvent, linkTo } from '../storage/append/append-event.ts';
import { METADATA_TYPE } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';

const INDEX = '$scavenges';
const STARTED = '$scavengeStarted';
const COMPLETED = '$scavengeCompleted';
/** `$maxAge` of the stream of one scavenge. */
const THIRTY_DAYS_S = 30 * 24 * 60 * 60;
const PAGE = 100;

export interface Completion<Result = 'Success' | 'Stopped' | 'Errored'> {
  readonly result: Result;
  readonly error?: string;
  readonly tookMs: number;
  /** Bytes by which the file became smaller. */
  readonly spaceSaved: number;
}

/** Records scavenges like EventStoreDB: a stream for each, with links in `$scavenges`. */
export class ScavengeRecords {
  readonly #log: EventLog;
  readonly #nodeEndpoint: () => string;

  /** @param nodeEndpoint returns `host:port` */
  constructor(log: EventLog, nodeEndpoint: () => string) {
    this.#log = log;
    this.#nodeEndpoint = nodeEndpoint;
  }

  async started(scavengeId: string): Promise<void> {
    const $acl = { $r: '$ops', $w: [], $d: [], $mr: [], $mw: [] };
    const metadata = jsonEvent(METADATA_TYPE, { $maxAge: THIRTY_DAYS_S, $acl });
    await appendEvent(this.#log, `$$${streamOf(scavengeId)}`, metadata);
    await this.#write(scavengeId, STARTED, {});
  }

  async completed(scavengeId: string, completion: Completion<string>): Promise<void> {
    const { result, error = null, tookMs, spaceSaved } = completion;
    await this.#write(scavengeId, COMPLETED, { result, error, timeTaken: timeSpan(tookMs), spaceSaved });
  }

  /** Records each scavenge that was running when the node stopped as interrupted. */
  async interrupted(): Promise<void> {
    for (const scavengeId of this.#unfinished()) {
      const error = 'The node was restarted.';
      await this.completed(scavengeId, { result: 'Interrupted', error, tookMs: 0, spaceSaved: 0 });
    }
  }

  #unfinished(): Set<string> {
    const open = new Set<string>();
    for (let from: number | undefined = 0; from !== undefined; ) {
      const { events, next } = this.#log.readStreamForwards(INDEX, from, PAGE);
      for (const link of events) {
        const event = this.#log.resolveLink(link);
        const scavengeId = event?.stream.slice(streamOf('').length) ?? '';
        if (event?.type === STARTED) open.add(scavengeId);
        if (event?.type === COMPLETED) open.delete(scavengeId);
      }
      from = next;
    }
    return open;
  }

  async #write(scavengeId: string, type: string, about: object): Promise<void> {
    const stream = streamOf(scavengeId);
    const nodeEndpoint = this.#nodeEndpoint();
    const written = await this.#log.append(
      stream,
      [jsonEvent(type, { scavengeId, nodeEndpoint, ...about })],
      'any',
    );
    if (written.status === 'written')
      await appendEvent(this.#log, INDEX, linkTo({ revision: written.revision, stream }));
  }
}

const streamOf = (scavengeId: string): string => `${INDEX}-${scavengeId}`;

/** Formats a duration like .NET: `00:01:02.3450000`. */
function timeSpan(ms: number): string {
  const time = new Date(ms).toISOString().slice(11, -1);
  return `${time}0000`;
}
