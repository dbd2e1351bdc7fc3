import type { GroupSettings } from '../settings.ts';
import type { FinishedUpTo } from './progress.ts';

interface Ports {
  now(): number;
  saveCheckpoint(position: number): Promise<void>;
}

/**
 * Decides when a checkpoint is written: at a tick after `minCheckPointCount` events and `checkPointAfter` ms, and at any
 * event after `maxCheckPointCount` events. One write at a time; a checkpoint that becomes due during a write waits.
 */
export class CheckpointPolicy {
  readonly #settings: GroupSettings;
  readonly #ports: Ports;
  #count = 0;
  #at: number;
  #saved: number | undefined;
  #saving: Promise<void> | undefined;

  /** @param saved the checkpoint found at the start */
  constructor(settings: GroupSettings, ports: Ports, saved: number | undefined) {
    this.#settings = settings;
    this.#ports = ports;
    this.#saved = saved;
    this.#at = ports.now();
  }

  /** The newest saved checkpoint. */
  get saved(): number | undefined {
    return this.#saved;
  }

  saveIfDue(finished: FinishedUpTo | undefined, occasion: 'tick' | 'event'): void {
    if (!finished || this.#saving) return;
    const { minCheckPointCount, maxCheckPointCount, checkPointAfter } = this.#settings;
    const count = finished.count - this.#count;
    if (count <= 0) return;
    const isFull = count >= maxCheckPointCount;
    const isTimely =
      occasion === 'tick' && count >= minCheckPointCount && this.#ports.now() - this.#at >= checkPointAfter;
    if (isFull || isTimely) void this.#save(finished);
  }

  /** Saves the position of a group that skips most events, so that a restart does not check them again. */
  saveIfAdvanced(finished: FinishedUpTo | undefined): void {
    if (finished && !this.#saving && finished.position > (this.#saved ?? -1)) void this.#save(finished);
  }

  /** Waits for a write in flight, and saves what is finished if it is not saved yet. */
  async settle(finished: FinishedUpTo | undefined): Promise<void> {
    await this.#saving;
    if (finished && finished.count > this.#count) await this.#save(finished);
  }

  #save({ position, count }: FinishedUpTo): Promise<void> {
    this.#at = this.#ports.now();
    const saving = this.#ports.saveCheckpoint(position).then(
      () => {
        this.#count = count;
        this.#saved = position;
      },
      // The log rejected the write. The next tick or event retries; a restart before that repeats more events.
      () => {},
    );
    this.#saving = saving.finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }
}
