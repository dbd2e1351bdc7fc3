import { z } from 'zod';
import { STRATEGIES } from './group/settings.ts';

export const groupConfiguration = z.object({
  /** `$all` for a group on the whole log. */
  stream: z.string(),
  group: z.string(),
  /** As it was asked for: a revision, or `C:<commit>/P:<prepare>`; -1 for the end. */
  startFrom: z.string(),
  /** What that came to when it was asked: the revision or position just before the first event. */
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

/** All that makes a group what it is, as it is kept in the log. */
export type GroupConfiguration = z.infer<typeof groupConfiguration>;

export const allConfigurations = z.object({ version: z.literal(1), groups: z.array(groupConfiguration) });

/** What a client asks for; where it starts is found out when the group is made. */
export type GroupRequest = Omit<GroupConfiguration, 'startFrom' | 'startAfter'> & { start: StartRequest };

export type StartRequest = 'start' | 'end' | { revision: number } | { commit: number; prepare: number };
