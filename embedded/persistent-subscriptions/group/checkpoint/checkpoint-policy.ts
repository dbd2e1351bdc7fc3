import type { GroupSettings } from '../settings.ts';
import type { FinishedUpTo } from './progress.ts';

interface Ports {
  now(): number;
  saveCheckpoint(position: number): Promise<void>;
}

/**
 * When a checkpoint is written: at a tick once `minCheckPointCount` events and `checkPointAfter` have passed, and at
 * any event once `maxCheckPointCount` have. One write at a time; what falls due meanwhile waits for the next occasion.
 */
export class CheckpointPolicy {
  readonly #settings: GroupSettings;
  readonly #ports: Ports;
  #count = 0;
  #at: number;
  #saved: number | undefined;
  #saving: Promise<void> | undefined;

  /** `saved`: the checkpoint that was found at the start. */
  constructor(settings: GroupSettings, ports: Ports, saved: number | undefined) {
    this.#settings = settings;
    this.#ports = ports;
    this.#saved = saved;
    this.#at = ports.now();
  }

  /** The newest that was written. */
  get saved(): number | undefined {
    return this.#saved;
  }

  consider(reached: FinishedUpTo | undefined, occasion: 'tick' | 'event'): void {
    if (!reached || this.#saving) return;
    const { minCheckPointCount, maxCheckPointCount, checkPointAfter } = this.#settings;
    const passed = reached.count - this.#count;
    if (passed <= 0) return;
    const full = passed >= maxCheckPointCount;
    const timely =
      occasion === 'tick' && passed >= minCheckPointCount && this.#ports.now() - this.#at >= checkPointAfter;
    if (full || timely) void this.#save(reached);
  }

  /** Writes how far a group has come that finds little of what it looks at, lest a restart looks at all of it again. */
  move(reached: FinishedUpTo | undefined): void {
    if (reached && !this.#saving && reached.position > (this.#saved ?? -1)) void this.#save(reached);
  }

  /** Waits for the write that may be under way, and writes what is reached, if that is not written yet. */
  async settle(reached: FinishedUpTo | undefined): Promise<void> {
    await this.#saving;
    if (reached && reached.count > this.#count) await this.#save(reached);
  }

  #save({ position, count }: FinishedUpTo): Promise<void> {
    this.#at = this.#ports.now();
    const saving = this.#ports.saveCheckpoint(position).then(
      () => {
        this.#count = count;
        this.#saved = position;
      },
      // The log refused it: the next occasion tries again, and until then more is repeated after a restart.
      () => {},
    );
    this.#saving = saving.finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }
}
