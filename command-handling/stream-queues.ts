import { QueueFull } from './errors.ts';

export interface QueueLimits {
  /** Commands that may wait for one stream, and for all streams together. */
  readonly waitingPerStream: number;
  readonly waiting: number;
}

/** A stream's queue, as its turn sees it. */
export interface Waiting<Job> {
  readonly take: (atMost: number) => Job[];
  /** Back to the front, for the next turn. */
  readonly putBack: (jobs: readonly Job[]) => void;
}

/**
 * One queue per stream, worked off turn by turn; streams do not wait for one another. `work` takes what it wants to do at
 * once, at least one, and never rejects.
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

  /** Commands that wait for their turn. */
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
    void this.#workOff(stream, queue);
  }

  async #workOff(stream: string, queue: Job[]): Promise<void> {
    // Commands that arrive together are taken together.
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
