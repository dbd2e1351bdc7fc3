import { appendEvent, jsonEvent } from '../../storage/append/append-event.ts';
import type { EventLog } from '../../storage/log.ts';
import { parseJson } from '../../storage/parse-json.ts';
import { allConfigurations, type GroupConfiguration } from '../configuration.ts';
import { CONFIGURATION_STREAM } from './stream-names.ts';

const TYPE = '$PersistentConfig';
const PAGE = 20;

/** Returns the newest valid list of groups in the log; clients may have written other events to that stream. */
export function readConfigurations(log: EventLog): GroupConfiguration[] {
  let from: number | undefined = Number.POSITIVE_INFINITY;
  while (from !== undefined) {
    const { events, next } = log.readStreamBackwards(CONFIGURATION_STREAM, from, PAGE);
    for (const { type, data } of events) {
      const found = type === TYPE ? allConfigurations.safeParse(parseJson(data)) : undefined;
      if (found?.success) return found.data.groups;
    }
    from = next;
  }
  return [];
}

export const saveConfigurations = (log: EventLog, groups: GroupConfiguration[]): Promise<void> =>
  appendEvent(log, CONFIGURATION_STREAM, jsonEvent(TYPE, { version: 1, groups }));
