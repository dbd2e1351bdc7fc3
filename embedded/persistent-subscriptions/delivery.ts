import { LINK_TYPE, type StoredEvent } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import type { Message } from './group/entry.ts';
import type { StrategyName } from './group/settings.ts';

/** An event as a group delivers it. A link whose target is gone comes without an event. */
export interface Delivery extends Message {
  readonly event: StoredEvent | undefined;
  readonly link: StoredEvent | undefined;
}

/** Makes deliveries of what is read; `position` is what the group counts in. */
export function createDeliveries(log: EventLog, resolveLinkTos: boolean, strategy: StrategyName) {
  const keyOf = keys[strategy];
  const make = (found: StoredEvent, position: number, resolve: boolean): Delivery => {
    const event = resolve && found.type === LINK_TYPE ? log.resolveLink(found) : found;
    const link = event === found ? undefined : found;
    const bytes = sizeOf(found) + (event === undefined || link === undefined ? 0 : sizeOf(event));
    return { id: found.id, position, event, link, key: keyOf(event ?? found), bytes };
  };
  return {
    ofLog: (found: StoredEvent, position: number) => make(found, position, resolveLinkTos),
    /** Parked events are links to the event, whatever the group's own setting. */
    ofParked: (found: StoredEvent) => make(found, found.revision, true),
  };
}

/** What keeping account of one event takes beside its content. */
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
  if (!metadata.length) return undefined;
  try {
    const id: unknown = JSON.parse(new TextDecoder().decode(metadata))?.$correlationId;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
