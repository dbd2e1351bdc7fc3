import type { RecordedEvent } from '../codec/recorded-event.ts';

/** Identifies an event and its place, to check later whether the log still has it. */
export type EventRef = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'position'>;

export const refOf = ({ stream, revision, id, position }: EventRef): EventRef => ({
  stream,
  revision,
  id,
  position,
});
