import { MAX_SNAPSHOTS_IN_FLIGHT } from '../../command-handling/state/snapshotting.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { fulfilmentStream, inventoryStream, orderStream } from '../../event-catalogue/streams.ts';
import type { EventStoreConnection } from '../../event-store/connect.ts';
import { defaultAdmission } from '../../platform/http/limits/admission.ts';
import { defaultConcurrency } from '../../process-managers/start.ts';
import { movements } from '../data/stock-movements.ts';
import { largestFulfilment, largestOrder } from './largest-inputs.ts';

let orders = 0;

const append = (to: EventStoreConnection, stream: string, event: DomainEvent) => {
  const metadata = {
    $correlationId: stream,
    $causationId: stream,
    commandId: stream,
    actor: { sub: 'olivia', role: 'operator' } as const,
  };
  return to.append(stream, [{ event, metadata }], 'any');
};

export const appendOne = (to: EventStoreConnection) =>
  append(to, orderStream(`${orders++}`), { type: 'OrderPlaced', data: largestOrder('one') });

/**
 * As many and as large as a process that is write side and process managers has under way at once: of each request and each delivery at work the
 * largest order, of each step a reservation, and the snapshots that may be on their way, of 10,000 orders each.
 */
export function appendAll(to: EventStoreConnection): readonly Promise<unknown>[] {
  const ids = (count: number) => Array.from({ length: count }, () => `${orders++}`);
  const closed = movements('P', 0, 20_000).map(({ data }) => [data.orderId, Number(data.orderPosition)]);
  const position = { commit: 1n, prepare: 1n };
  const snapshot = {
    shape: 'bench',
    version: 1,
    revision: 1n,
    position,
    state: { closed: closed.slice(0, 10_000) },
  };
  return [
    ...ids(defaultAdmission.atOnce).map((id) =>
      append(to, orderStream(id), { type: 'OrderPlaced', data: largestOrder(id) }),
    ),
    ...ids(defaultConcurrency.deliveries).flatMap((id) =>
      largestFulfilment(id)
        .slice(0, 1)
        .map((event) => append(to, fulfilmentStream(id), event)),
    ),
    ...ids(defaultConcurrency.steps).flatMap((id) =>
      movements(id, 0, 1).map((event) => append(to, inventoryStream(id), event)),
    ),
    ...ids(MAX_SNAPSHOTS_IN_FLIGHT).map((id) => to.snapshots.save(inventoryStream(id), snapshot)),
  ];
}
