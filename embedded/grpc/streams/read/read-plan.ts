import type { EventFilter } from '../../../storage/filter/filter.ts';
import type { IdFormat } from '../../messages/encode-responses.ts';

/** What every read and subscription has. */
interface Common {
  readonly resolveLinks: boolean;
  readonly ids: IdFormat;
}

export interface FilterPlan {
  readonly matches: EventFilter;
  /** A checkpoint is due after so many events checked at. */
  readonly checkpointAfter: number;
}

export interface ReadStreamPlan extends Common {
  readonly kind: 'read-stream';
  readonly stream: string;
  readonly forwards: boolean;
  readonly from: number | 'start' | 'end';
  readonly count: number;
  /** A client that wants to hear where the stream ends. */
  readonly sendsLastRevision: boolean;
}

export interface ReadAllPlan extends Common {
  readonly kind: 'read-all';
  readonly forwards: boolean;
  readonly from: number | 'start' | 'end';
  readonly count: number;
  readonly filter: FilterPlan | undefined;
}

/** From an exclusive revision on. */
export interface SubscribeStreamPlan extends Common {
  readonly kind: 'subscribe-stream';
  readonly stream: string;
  readonly from: number | 'start' | 'end';
}

/** From an exclusive position on. */
export interface SubscribeAllPlan extends Common {
  readonly kind: 'subscribe-all';
  readonly from: number | 'start' | 'end';
  readonly filter: FilterPlan | undefined;
}

export type ReadPlan = ReadStreamPlan | ReadAllPlan | SubscribeStreamPlan | SubscribeAllPlan;
