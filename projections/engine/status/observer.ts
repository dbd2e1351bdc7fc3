import type { Position } from '../../../event-store/codec/recorded-event.ts';
import type { ModelStatus } from '../../../read-store/read-store.ts';

/** Who is told how the models move on: the change feed and the metrics. */
export interface Observer {
  /** Everything up to the position can be read now. */
  readonly moved: (model: string, position: Position) => void;
  readonly applied: (events: number, models: number) => void;
  readonly unknownEvent: (type: string) => void;
  readonly status: (status: ModelStatus) => void;
}
