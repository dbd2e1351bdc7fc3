import type { RecordedShopEvent, ShopEvent } from '../shop-event.ts';

/**
 * An in-memory log for specs. It records each event at the next revision of its stream, 100 positions and one second after
 * the previous event, from 2026-03-01T12:00:01Z on.
 */
export class TestLog {
  readonly events: RecordedShopEvent[] = [];
  readonly #revisions = new Map<string, bigint>();

  /** Records an event on a stream; returns the recorded event. */
  record(stream: string, event: ShopEvent): RecordedShopEvent {
    const revision = (this.#revisions.get(stream) ?? -1n) + 1n;
    this.#revisions.set(stream, revision);
    const number = this.events.length + 1;
    const position = BigInt(number * 100);
    const recorded: RecordedShopEvent = {
      event,
      id: `event-${number}`,
      stream,
      revision,
      position: { commit: position, prepare: position },
      at: new Date(Date.UTC(2026, 2, 1, 12, 0, number)),
      metadata: {
        $correlationId: 'correlation',
        $causationId: `cause-of-${number}`,
        commandId: `command-${number}`,
        actor: { sub: 'somebody', role: 'system' },
        schemaVersion: 1,
      },
    };
    this.events.push(deepFreeze(recorded));
    return recorded;
  }
}

/** Freezes a value deeply, so that a mutation throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
