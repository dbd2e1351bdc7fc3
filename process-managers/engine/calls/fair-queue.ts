/** A queued or running job. */
interface Job {
  readonly lanes: readonly string[];
  run: () => Promise<void>;
  readonly onEnd: () => void;
}

export interface FairQueueOptions {
  /** Maximum number of running jobs. */
  readonly maxRunning: number;
  /** Maximum number of running jobs of one lane. */
  readonly maxPerLane: number;
}

/**
 * Runs jobs in the order of their arrival. A full lane delays only its own jobs. A job belongs to several lanes, such as
 * its customer and its payment token, so that one slow customer or token never takes all places.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #ready = new Map<string, Job>();
  /** Delayed jobs by the full lane that delays them. A job with several full lanes is held for the first of them. */
  readonly #heldBack = new Map<string, Map<string, Job>>();
  readonly #running = new Map<string, Promise<void>>();
  /** Number of running jobs of each lane. */
  readonly #inLane = new Map<string, number>();
  /** The map, `#ready` or one of `#heldBack`, that holds each queued job. */
  readonly #places = new Map<string, Map<string, Job>>();

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  /** Number of running jobs. */
  get running(): number {
    return this.#running.size;
  }
  /** Number of queued jobs. */
  get waiting(): number {
    return this.#places.size;
  }
  isRunning = (key: string): boolean => this.#running.has(key);
  isWaiting = (key: string): boolean => this.#places.has(key);

  /**
   * Queues a job; `run` must not reject. If a job of this key is queued already, it keeps its place and runs `run` instead.
   * Must not be called while a job of this key runs. `onEnd` is called when the job has ended or was removed.
   */
  add(key: string, lanes: readonly string[], run: () => Promise<void>, onEnd = () => {}): void {
    const known = this.#places.get(key)?.get(key);
    if (known === undefined) this.#put(this.#ready, key, { lanes, run, onEnd });
    else known.run = run;
  }

  /** Starts all jobs that may start. */
  start(): void {
    for (const [key, job] of this.#ready) {
      if (this.#running.size >= this.#options.maxRunning) return;
      this.#startOrHoldBack(key, job);
    }
  }

  /** Removes a queued job. */
  remove(key: string): void {
    const job = this.#places.get(key)?.get(key);
    if (job === undefined) return;
    this.#take(key);
    this.#release(job.lanes);
    job.onEnd();
  }

  removeAll(): void {
    for (const key of [...this.#places.keys()]) this.remove(key);
  }

  /** Resolves when no job runs. */
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
      // Jobs behind it may take its place in its other lanes.
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
    job.onEnd();
    this.#release(job.lanes);
    this.start();
  }

  /** Makes as many delayed jobs of a lane ready as the lane has room for. */
  #release(lanes: readonly string[]): void {
    for (const lane of lanes) {
      const held = this.#heldBack.get(lane);
      if (held === undefined) continue;
      let room = this.#options.maxPerLane - this.#count(lane);
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
    return this.#count(lane) < this.#options.maxPerLane;
  }

  #count(lane: string): number {
    return this.#inLane.get(lane) ?? 0;
  }
}
