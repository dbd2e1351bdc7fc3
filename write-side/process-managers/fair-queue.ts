/** Something that waits for its turn, known by its key. */
interface Job {
  readonly lanes: readonly string[];
  run: () => Promise<void>;
}

export interface FairQueueOptions {
  /** How many jobs run at once. */
  readonly atOnce: number;
  /** How many of these may be of one lane: the rest is left to others. */
  readonly perLane: number;
  /** Told of each job that ended or was forgotten. */
  readonly over: (key: string) => void;
}

/**
 * Runs jobs in the order in which they came, except that a full lane holds back its own alone. A job belongs to several
 * lanes, such as its customer and its payment token, so that a slow one of them never takes all the room.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #ready = new Map<string, Job>();
  /** Jobs by the full lane that holds them back; each is in one of these, whatever its other lanes are. */
  readonly #heldBack = new Map<string, Map<string, Job>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #inLane = new Map<string, number>();
  /** Of each job that waits, the map that it is in. */
  readonly #places = new Map<string, Map<string, Job>>();

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  /** How many run. */
  get running(): number {
    return this.#running.size;
  }
  /** How many wait. */
  get waiting(): number {
    return this.#places.size;
  }
  isRunning = (key: string): boolean => this.#running.has(key);
  isWaiting = (key: string): boolean => this.#places.has(key);

  /** Queues a job; one that waits under this key keeps its place and runs this instead. Never while one of the key runs. */
  add(key: string, lanes: readonly string[], run: () => Promise<void>): void {
    const known = this.#places.get(key)?.get(key);
    if (known === undefined) this.#put(this.#ready, key, { lanes, run });
    else known.run = run;
  }

  /** Starts what may start. */
  start(): void {
    for (const [key, job] of this.#ready) {
      if (this.#running.size >= this.#options.atOnce) return;
      this.#startOrHoldBack(key, job);
    }
  }

  /** Forgets a job that waits. */
  forget(key: string): void {
    const job = this.#places.get(key)?.get(key);
    if (job === undefined) return;
    this.#take(key);
    this.#release(job.lanes);
    this.#options.over(key);
  }

  forgetAll(): void {
    for (const key of [...this.#places.keys()]) this.forget(key);
  }

  /** When nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #startOrHoldBack(key: string, job: Job): void {
    this.#take(key);
    const full = job.lanes.find((lane) => !this.#hasRoom(lane));
    if (full !== undefined) {
      const place = this.#heldBack.get(full) ?? new Map<string, Job>();
      this.#heldBack.set(full, place);
      this.#put(place, key, job);
      // The room that it would have taken in its other lanes is for those behind it.
      this.#release(job.lanes);
      return;
    }
    for (const lane of job.lanes) this.#inLane.set(lane, this.#count(lane) + 1);
    const ended = job.run().finally(() => this.#ended(key, job));
    this.#running.set(key, ended);
  }

  #ended(key: string, job: Job): void {
    this.#running.delete(key);
    for (const lane of job.lanes) {
      const left = this.#count(lane) - 1;
      if (left > 0) this.#inLane.set(lane, left);
      else this.#inLane.delete(lane);
    }
    this.#options.over(key);
    this.#release(job.lanes);
    this.start();
  }

  /** As many jobs as a lane has room for may start again: while it holds some back, it is full or one of it is ready. */
  #release(lanes: readonly string[]): void {
    for (const lane of lanes) {
      const held = this.#heldBack.get(lane);
      if (held === undefined) continue;
      let room = this.#options.perLane - this.#count(lane);
      for (const [key, job] of held) {
        if (room <= 0) break;
        room -= 1;
        this.#take(key);
        this.#put(this.#ready, key, job);
      }
      if (held.size === 0) this.#heldBack.delete(lane);
    }
  }

  #put(place: Map<string, Job>, key: string, job: Job): void {
    place.set(key, job);
    this.#places.set(key, place);
  }

  #take(key: string): void {
    this.#places.get(key)?.delete(key);
    this.#places.delete(key);
  }

  #hasRoom(lane: string): boolean {
    return this.#count(lane) < this.#options.perLane;
  }

  #count(lane: string): number {
    return this.#inLane.get(lane) ?? 0;
  }
}
