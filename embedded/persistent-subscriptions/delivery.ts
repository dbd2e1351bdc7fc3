import { LINK_TYPE, type StoredEvent } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import { parseJson } from '../storage/parse-json.ts';
import type { Message } from './group/entry.ts';
import type { StrategyName } from './group/settings.ts';

/** An event that a group delivers. `event` is undefined for a link whose target does not exist. */
export interface Delivery extends Message {
  readonly event: StoredEvent | undefined;
  readonly link: StoredEvent | undefined;
}

/** Returns functions that create deliveries from the log and from the parked stream. */
export function createDeliveries(log: EventLog, resolveLinkTos: boolean, strategy: StrategyName) {
  const keyOf = keys[strategy];
  const make = (found: StoredEvent, position: number, resolve: boolean): Delivery => {
    const event = resolve && found.type === LINK_TYPE ? log.resolveLink(found) : found;
    const link = event === found ? undefined : found;
    const bytes = sizeOf(found) + (event === undefined || link === undefined ? 0 : sizeOf(event));
    return { id: found.id, position, event, link, key: keyOf(event ?? found), bytes };
  };
  return {
    fromLog: (found: StoredEvent, position: number) => make(found, position, resolveLinkTos),
    /** Parked events are always links that are resolved, regardless of the group's setting. */
    fromParked: (found: StoredEvent) => make(found, found.revision, true),
  };
}

/** Memory of a delivery besides its content. */
const OVERHEAD_BYTES = 512;
const sizeOf = ({ data, metadata }: StoredEvent) => OVERHEAD_BYTES + data.length + metadata.length;

const streamOf = ({ stream }: StoredEvent) => stream;
const keys: Record<StrategyName, (event: StoredEvent) => string> = {
  RoundRobin: () => '',
  DispatchToSingle: () => '',
  Pinned: streamOf,
  PinnedByCorrelation: (event) => correlationOf(event) ?? event.stream,
};

function correlationOf({ metadata }: StoredEvent): string | undefined {
  const fields = metadata.length > 0 ? parseJson(metadata) : undefined;
  if (typeof fields !== 'object' || fields === null || !('$correlationId' in fields)) return undefined;
  return typeof fields.$correlationId === 'string' ? fields.$correlationId : undefined;
}
