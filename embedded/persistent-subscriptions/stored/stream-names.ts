/** The name of the whole log, in place of a stream name. */
export const ALL = '$all';

export const CONFIGURATION_STREAM = '$persistentSubscriptionConfig';

const PREFIX = '$persistentsubscription-';

export const parkedStreamOf = (stream: string, group: string) => `${PREFIX}${stream}::${group}-parked`;
export const checkpointStreamOf = (stream: string, group: string) =>
  `${PREFIX}${stream}::${group}-checkpoint`;

/** Groups on $all must not receive their own events, or each checkpoint would cause the next one. */
export const isWrittenByGroupOnAll = (stream: string) =>
  stream.startsWith(`${PREFIX}${ALL}::`) || stream.startsWith(`$$${PREFIX}${ALL}::`);
