export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

/** The functions that a group needs: it knows neither the log nor the protocol. */
export interface GroupPorts<M> {
  /** Returns a time in ms, of any origin. */
  now(): number;
  /** Parks an event; it is finished when the promise resolves. */
  park(message: M, reason: string): Promise<void>;
  saveCheckpoint(position: number): Promise<void>;
  /** Called when the buffers have room. */
  requestMore(): void;
  /** Called when a replayed event is finished; see `replayedUpTo`. */
  onReplayFinished(): void;
}

export interface GroupStart {
  /** The position after which the group starts. */
  startAfter?: number | undefined;
  /** The saved checkpoint. */
  checkpoint?: number | undefined;
}
