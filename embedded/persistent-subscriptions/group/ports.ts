export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

/** What a group needs done outside: it knows neither the log nor the wire. */
export interface GroupPorts<M> {
  /** Milliseconds; need not be the time of day. */
  now(): number;
  /** Puts an event aside for good; the group counts it as finished once the promise resolves. */
  park(message: M, reason: string): Promise<void>;
  saveCheckpoint(position: number): Promise<void>;
  /** Buffers have room again: more may be read. */
  requestMore(): void;
  /** A replayed event is finished; all below the revision that `replayedUpTo` gives are. */
  onReplayFinished(): void;
}

export interface GroupStart {
  /** All up to there is not the group's business, or was finished before. */
  startAfter?: number | undefined;
  /** The checkpoint that was found. */
  checkpoint?: number | undefined;
}
