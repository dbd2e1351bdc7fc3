import type { Entry, Message, Origin } from '../entry.ts';
import type { GroupPorts, GroupStart } from '../ports.ts';
import type { GroupSettings } from '../settings.ts';
import { CheckpointPolicy } from './checkpoint-policy.ts';
import { Progress } from './progress.ts';

/** After this number of skipped events, a checkpoint is saved. */
const SKIPPED_FOR_CHECKPOINT = 10_000;

/** Tracks the finished events of a group, saves its checkpoints, and knows how far the parked stream may be truncated. */
export class ProgressTracker<M extends Message> {
  readonly #ports: GroupPorts<M>;
  readonly #read: Progress<M>;
  readonly #replayed = new Progress<M>();
  readonly #checkpoints: CheckpointPolicy;
  #skipped = 0;

  constructor(settings: GroupSettings, ports: GroupPorts<M>, { startAfter, checkpoint }: GroupStart) {
    this.#ports = ports;
    this.#read = new Progress<M>(startAfter);
    this.#checkpoints = new CheckpointPolicy(settings, ports, checkpoint);
  }

  /** Replayed events are counted separately, since they do not move the checkpoint. */
  begin(message: M, origin: Origin): Entry<M> {
    return (origin === 'replay' ? this.#replayed : this.#read).begin(message, origin);
  }

  finish(entry: Entry<M>): void {
    if (entry.origin === 'replay') {
      this.#replayed.finish(entry);
      this.#ports.onReplayFinished();
    } else {
      this.#read.finish(entry);
      this.#checkpoints.saveIfDue(this.#read.finishedUpTo(), 'event');
    }
  }

  /** Skips to a position: of `checked` events up to it, none is for the group. */
  skipTo(position: number, checked: number): void {
    this.#read.skipTo(position);
    this.#skipped += checked;
    if (this.#skipped < SKIPPED_FOR_CHECKPOINT) return;
    this.#skipped = 0;
    this.#checkpoints.saveIfAdvanced(this.#read.finishedUpTo());
  }

  /** Memory of all unfinished events. */
  get unfinishedBytes(): number {
    return this.#read.unfinishedBytes + this.#replayed.unfinishedBytes;
  }

  /** Saves a checkpoint that is due. */
  tick(): void {
    this.#checkpoints.saveIfDue(this.#read.finishedUpTo(), 'tick');
  }

  /** Waits for a checkpoint write in flight, and saves a checkpoint even if none is due, if requested. */
  settle({ saves }: { saves: boolean }): Promise<void> {
    return this.#checkpoints.settle(saves ? this.#read.finishedUpTo() : undefined);
  }

  /** The revision in the parked stream up to which all replayed events are finished. */
  get replayedUpTo(): number | undefined {
    return this.#replayed.finishedUpTo()?.position;
  }

  /** The position of the newest event read; at least the checkpoint, which also skips other events. */
  get lastKnown(): number | undefined {
    const { lastRead } = this.#read;
    const { saved } = this.#checkpoints;
    if (lastRead === undefined || saved === undefined) return lastRead ?? saved;
    return Math.max(lastRead, saved);
  }

  get lastCheckpoint(): number | undefined {
    return this.#checkpoints.saved;
  }
}
