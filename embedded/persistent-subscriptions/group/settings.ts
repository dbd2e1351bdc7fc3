/** The strategies that choose the consumer of an event. */
export const STRATEGIES = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** The settings of a group; times in ms. */
export interface GroupSettings {
  /** 0 or less: deliveries never time out. */
  messageTimeout: number;
  maxRetryCount: number;
  checkPointAfter: number;
  minCheckPointCount: number;
  maxCheckPointCount: number;
  /** 0: no maximum. */
  maxSubscriberCount: number;
  liveBufferSize: number;
  historyBufferSize: number;
  readBatchSize: number;
  strategy: StrategyName;
  extraStatistics: boolean;
}
