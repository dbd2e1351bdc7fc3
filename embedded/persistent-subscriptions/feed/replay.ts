import type { StoredEvent } from '../../storage/event.ts';
import type { Delivery } from '../delivery.ts';
import type { Group } from '../group/group.ts';
import type { ParkedStream } from '../stored/parked-stream.ts';

const PAGE = 100;

/** Passes parked events to their group again, limited by the group's room. */
export class Replay {
  readonly #parked: ParkedStream;
  readonly #group: Group<Delivery>;
  readonly #deliver: (event: StoredEvent) => Delivery;
  #next = 0;
  #stopAt = 0;
  #filling = false;

  constructor(parked: ParkedStream, group: Group<Delivery>, deliver: (event: StoredEvent) => Delivery) {
    this.#parked = parked;
    this.#group = group;
    this.#deliver = deliver;
  }

  /** Replays the events parked now, up to the revision `stopAt` (exclusive); skips those already in replay. */
  start(stopAt = Number.POSITIVE_INFINITY): void {
    this.#next = Math.max(this.#next, this.#parked.first);
    this.#stopAt = Math.max(this.#stopAt, Math.min(stopAt, this.#parked.end));
    this.fill();
  }

  fill(): void {
    if (this.#filling) return;
    this.#filling = true;
    while (this.#next < this.#stopAt && this.#group.counts.retry < PAGE && !this.#group.isFull) {
      const limit = Math.min(PAGE, this.#stopAt - this.#next);
      const events = this.#parked.read(this.#next, limit).filter(({ revision }) => revision < this.#stopAt);
      this.#next = (events.at(-1)?.revision ?? this.#stopAt - 1) + 1;
      this.#group.read(events.map(this.#deliver), 'replay');
    }
    this.#filling = false;
  }

  /** Truncates the parked stream after the group finished a replayed event. */
  onFinished(): void {
    const upTo = this.#group.replayedUpTo;
    if (upTo !== undefined) this.#parked.truncate(upTo + 1);
  }
}
