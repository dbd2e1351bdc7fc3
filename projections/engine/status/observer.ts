import type { Position } from '../../../event-store/codec/recorded-event.ts';
import type { ModelStatus } from '../../../read-store/read-store.ts';

/** Receives the progress of the read models: the change feed and the metrics. */
export interface Observer {
  /** A read model contains all events up to the position. */
  readonly moved: (model: string, position: Position) => void;
  readonly applied: (events: number, models: number) => void;
  readonly unknownEvent: (type: string) => void;
  readonly status: (status: ModelStatus) => void;
}
