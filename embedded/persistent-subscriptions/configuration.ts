import { z } from 'zod';
import { STRATEGIES } from './group/settings.ts';

export const groupConfiguration = z.object({
  /** The name of a stream, or `$all`. */
  stream: z.string(),
  group: z.string(),
  /** The requested start: a revision, or `C:<commit>/P:<prepare>`; -1 for the end. */
  startFrom: z.string(),
  /** The revision or position before the first event, determined when the group was created. */
  startAfter: z.number(),
  resolveLinkTos: z.boolean(),
  filter: z
    .object({ on: z.enum(['stream', 'type']), regex: z.string(), prefixes: z.array(z.string()) })
    .optional(),
  settings: z.object({
    messageTimeout: z.number(),
    maxRetryCount: z.number(),
    checkPointAfter: z.number(),
    minCheckPointCount: z.number(),
    maxCheckPointCount: z.number(),
    maxSubscriberCount: z.number(),
    liveBufferSize: z.number(),
    historyBufferSize: z.number(),
    readBatchSize: z.number(),
    strategy: z.enum(STRATEGIES),
    extraStatistics: z.boolean(),
  }),
});

/** The configuration of a group, as it is stored in the log. */
export type GroupConfiguration = z.infer<typeof groupConfiguration>;

export const allConfigurations = z.object({ version: z.literal(1), groups: z.array(groupConfiguration) });

/** A requested group. Its start is determined when it is created. */
export type GroupRequest = Omit<GroupConfiguration, 'startFrom' | 'startAfter'> & { start: StartRequest };

export type StartRequest = 'start' | 'end' | { revision: number } | { commit: number; prepare: number };
