/** How events are shared out among the consumers of a group. */
export const STRATEGIES = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** What the core of a group needs to know of its settings; times in milliseconds. */
export interface GroupSettings {
  /** Zero or less: deliveries never time out. */
  messageTimeout: number;
  maxRetryCount: number;
  checkPointAfter: number;
  minCheckPointCount: number;
  maxCheckPointCount: number;
  /** Zero: any number of consumers. */
  maxSubscriberCount: number;
  liveBufferSize: number;
  historyBufferSize: number;
  readBatchSize: number;
  strategy: StrategyName;
  extraStatistics: boolean;
}
