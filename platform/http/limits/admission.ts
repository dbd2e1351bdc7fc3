import { Overloaded } from '../response/errors.ts';

export interface AdmissionLimits {
  /** Maximum number of requests in flight; further ones wait in the queue. */
  readonly maxInFlight: number;
  /** Maximum length of the queue. */
  readonly maxQueued: number;
  /** Maximum wait in the queue, in milliseconds. */
  readonly maxWaitMs: number;
  /** New requests are rejected while the first of the queue has waited longer than this, in milliseconds. */
  readonly shedAfterMs: number;
}

/** A burst of some hundred requests is served completely. Under lasting overload, each response comes within a second. */
export const defaultAdmission: AdmissionLimits = {
  maxInFlight: 64,
  maxQueued: 4_000,
  maxWaitMs: 500,
  shedAfterMs: 100,
};

interface QueuedRequest {
  readonly since: number;
  readonly admit: () => void;
  readonly reject: (error: Overloaded) => void;
}

const CHECK_EVERY_MS = 20;

/**
 * Limits the requests in flight; further ones wait in a queue. A request that would wait too long is rejected before any
 * work is done, so admitted requests are served quickly under any load.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #now: () => number;
  #inFlight = 0;
  readonly #queue = new Set<QueuedRequest>();
  #timer: NodeJS.Timeout | undefined;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(limits: AdmissionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Returns whether a new request is to be rejected. Cheap: to be called before any work for the request. */
  sheds(): boolean {
    const [first] = this.#queue;
    if (first === undefined) return false;
    return this.#queue.size >= this.#limits.maxQueued || this.#now() - first.since > this.#limits.shedAfterMs;
  }

  /** Resolves when the request may run; the caller must call `leave` afterwards. Rejects with `Overloaded`. */
  async enter(): Promise<void> {
    if (this.#inFlight < this.#limits.maxInFlight) {
      this.#inFlight += 1;
      return;
    }
    // The queue may have filled up while the body of this request arrived.
    if (this.#queue.size >= this.#limits.maxQueued) throw new Overloaded();
    await new Promise<void>((admit, reject) => {
      this.#queue.add({ since: this.#now(), admit, reject });
      this.#timer ??= setTimeout(() => this.#rejectOverdue(), CHECK_EVERY_MS);
    });
  }

  leave(): void {
    const [first] = this.#queue;
    if (first === undefined) {
      this.#inFlight -= 1;
      return;
    }
    this.#queue.delete(first);
    first.admit();
  }

  #rejectOverdue(): void {
    const now = this.#now();
    for (const request of this.#queue) {
      if (now - request.since < this.#limits.maxWaitMs) break;
      this.#queue.delete(request);
      request.reject(new Overloaded());
    }
    this.#timer =
      this.#queue.size === 0 ? undefined : setTimeout(() => this.#rejectOverdue(), CHECK_EVERY_MS);
  }
}
