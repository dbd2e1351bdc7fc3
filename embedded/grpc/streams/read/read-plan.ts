import type { EventFilter } from '../../../storage/filter/filter.ts';
import type { IdFormat } from '../../messages/encode-responses.ts';

/** Common options of reads and subscriptions. */
interface Common {
  readonly resolveLinks: boolean;
  readonly ids: IdFormat;
}

export interface FilterPlan {
  readonly matches: EventFilter;
  /** Number of checked events between checkpoints. */
  readonly checkpointAfter: number;
}

export interface ReadStreamPlan extends Common {
  readonly kind: 'read-stream';
  readonly stream: string;
  readonly forwards: boolean;
  readonly from: number | 'start' | 'end';
  readonly count: number;
  /** Newer clients expect the last revision of the stream as the last message. */
  readonly sendsLastRevision: boolean;
}

export interface ReadAllPlan extends Common {
  readonly kind: 'read-all';
  readonly forwards: boolean;
  readonly from: number | 'start' | 'end';
  readonly count: number;
  readonly filter: FilterPlan | undefined;
}

/** Starts after the revision `from`. */
export interface SubscribeStreamPlan extends Common {
  readonly kind: 'subscribe-stream';
  readonly stream: string;
  readonly from: number | 'start' | 'end';
}

/** Starts after the position `from`. */
export interface SubscribeAllPlan extends Common {
  readonly kind: 'subscribe-all';
  readonly from: number | 'start' | 'end';
  readonly filter: FilterPlan | undefined;
}

export type ReadPlan = ReadStreamPlan | ReadAllPlan | SubscribeStreamPlan | SubscribeAllPlan;
