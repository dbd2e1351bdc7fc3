/** Stands for the whole log where a stream's name is expected. */
export const ALL = '$all';

export const CONFIGURATION_STREAM = '$persistentSubscriptionConfig';

const PREFIX = '$persistentsubscription-';

export const parkedStreamOf = (stream: string, group: string) => `${PREFIX}${stream}::${group}-parked`;
export const checkpointStreamOf = (stream: string, group: string) =>
  `${PREFIX}${stream}::${group}-checkpoint`;

/** Groups on $all must not see what they themselves write, or each checkpoint would ask for the next. */
export const isWrittenByGroupOnAll = (stream: string) =>
  stream.startsWith(`${PREFIX}${ALL}::`) || stream.startsWith(`$$${PREFIX}${ALL}::`);
