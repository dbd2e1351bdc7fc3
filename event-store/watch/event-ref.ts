import type { Position, RecordedEvent } from '../codec/recorded-event.ts';

/** Identifies an event and its place, to check later whether the log still has it. */
export interface EventRef {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly position: Position;
}

export const refOf = ({ stream, revision, id, position }: RecordedEvent): EventRef => ({
  stream,
  revision,
  id,
  position,
});
