import type { Entry, Message, Origin } from '../entry.ts';
import type { GroupPorts, GroupStart } from '../ports.ts';
import type { GroupSettings } from '../settings.ts';
import { CheckpointPolicy } from './checkpoint-policy.ts';
import { Progress } from './progress.ts';

/** So many events that a group passed over are worth a checkpoint of their own. */
const PASSED_FOR_CHECKPOINT = 10_000;

/** What a group began and finished: how far its checkpoint may go, and how far the parked stream may be cut off. */
export class ProgressTracker<M extends Message> {
  readonly #ports: GroupPorts<M>;
  readonly #read: Progress<M>;
  readonly #replayed = new Progress<M>();
  readonly #checkpoints: CheckpointPolicy;
  #passed = 0;

  constructor(settings: GroupSettings, ports: GroupPorts<M>, { startAfter, checkpoint }: GroupStart) {
    this.#ports = ports;
    this.#read = new Progress<M>(startAfter);
    this.#checkpoints = new CheckpointPolicy(settings, ports, checkpoint);
  }

  /** A replayed event is counted in the parked stream, never in the log: it does not move the checkpoint. */
  begin(message: M, origin: Origin): Entry<M> {
    return (origin === 'replay' ? this.#replayed : this.#read).begin(message, origin);
  }

  finish(entry: Entry<M>): void {
    if (entry.origin === 'replay') {
      this.#replayed.finish(entry);
      this.#ports.onReplayFinished();
    } else {
      this.#read.finish(entry);
      this.#checkpoints.consider(this.#read.reached(), 'event');
    }
  }

  /** The log holds nothing for the group up to there, of `checked` events checked at. */
  pass(position: number, checked: number): void {
    this.#read.pass(position);
    this.#passed += checked;
    if (this.#passed < PASSED_FOR_CHECKPOINT) return;
    this.#passed = 0;
    this.#checkpoints.move(this.#read.reached());
  }

  /** What all that was begun and not finished takes in memory. */
  get unfinishedBytes(): number {
    return this.#read.unfinishedBytes + this.#replayed.unfinishedBytes;
  }

  /** Saves a checkpoint that is due. */
  tick(): void {
    this.#checkpoints.consider(this.#read.reached(), 'tick');
  }

  /** Waits for the checkpoint that is being written, and may save how far all is finished, whether due or not. */
  settle({ saves }: { saves: boolean }): Promise<void> {
    return this.#checkpoints.settle(saves ? this.#read.reached() : undefined);
  }

  /** The revision in the parked stream up to which all replayed events are finished. */
  get replayedUpTo(): number | undefined {
    return this.#replayed.reached()?.position;
  }

  /** The newest event read; never behind the checkpoint, which also passes events of others. */
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
