import { appendEvent, jsonEvent } from '../../storage/append/append-event.ts';
import { METADATA_TYPE } from '../../storage/event.ts';
import type { EventLog } from '../../storage/log.ts';

const TYPE = '$SubscriptionCheckpoint';
/** A JSON string with a position of $all or a revision. */
const CONTENT = /^"(?:C:(\d+)\/P:\d+|(\d+))"$/;

/** Stores the checkpoints of a group in a stream. A restarted group continues from the newest one. */
export class CheckpointStream {
  readonly #log: EventLog;
  readonly #name: string;
  readonly #textOf: (position: number) => string;

  constructor(log: EventLog, name: string, textOf: (position: number) => string) {
    this.#log = log;
    this.#name = name;
    this.#textOf = textOf;
  }

  load(): number | undefined {
    const [newest] = this.#log.readStreamBackwards(this.#name, Number.POSITIVE_INFINITY, 1).events;
    const [, commit, revision] = CONTENT.exec(newest ? new TextDecoder().decode(newest.data) : '') ?? [];
    const text = commit ?? revision;
    return text === undefined ? undefined : Number(text);
  }

  async save(position: number): Promise<void> {
    // Only the newest checkpoint counts. Set once, so that scavenges can remove the older ones.
    const metadata = `$$${this.#name}`;
    if (this.#log.headRevision(metadata) < 0) {
      await appendEvent(this.#log, metadata, jsonEvent(METADATA_TYPE, { $maxCount: 2 }));
    }
    await appendEvent(this.#log, this.#name, jsonEvent(TYPE, this.#textOf(position)));
  }

  async remove(): Promise<void> {
    await this.#log.softDelete(this.#name, 'any');
  }
}
