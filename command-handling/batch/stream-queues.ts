import { QueueFull } from '../errors.ts';

export interface QueueLimits {
  /** Maximum number of commands that wait for one stream. */
  readonly waitingPerStream: number;
  /** Maximum number of commands that wait for all streams together. */
  readonly waiting: number;
}

/** The queue of a stream, as its worker function uses it. */
export interface Waiting<Job> {
  readonly take: (atMost: number) => Job[];
  /** Puts jobs back to the front of the queue. */
  readonly putBack: (jobs: readonly Job[]) => void;
}

/**
 * One queue per stream. For each stream, `work` runs once at a time, until its queue is empty; streams run in parallel.
 * `work` must take at least one job and must not reject.
 */
export class StreamQueues<Job> {
  readonly #queues = new Map<string, Job[]>();
  readonly #limits: QueueLimits;
  readonly #work: (stream: string, waiting: Waiting<Job>) => Promise<void>;
  #waiting = 0;

  constructor(limits: QueueLimits, work: (stream: string, waiting: Waiting<Job>) => Promise<void>) {
    this.#limits = limits;
    this.#work = work;
  }

  /** Number of jobs in all queues. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Throws `QueueFull`. */
  add(stream: string, job: Job): void {
    const { waiting, waitingPerStream } = this.#limits;
    if (this.#waiting >= waiting) throw new QueueFull(undefined, waiting);
    const queue = this.#queues.get(stream) ?? [];
    if (queue.length >= waitingPerStream) throw new QueueFull(stream, waitingPerStream);
    queue.push(job);
    this.#waiting += 1;
    if (this.#queues.has(stream)) return;
    this.#queues.set(stream, queue);
    void this.#run(stream, queue);
  }

  async #run(stream: string, queue: Job[]): Promise<void> {
    // Jobs that are added in the same tick are taken together.
    await Promise.resolve();
    const waiting: Waiting<Job> = {
      take: (atMost) => {
        const taken = queue.splice(0, atMost);
        this.#waiting -= taken.length;
        return taken;
      },
      putBack: (jobs) => {
        queue.unshift(...jobs);
        this.#waiting += jobs.length;
      },
    };
    while (queue.length > 0) await this.#work(stream, waiting);
    this.#queues.delete(stream);
  }
}
