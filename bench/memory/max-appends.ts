import { MAX_SNAPSHOTS_IN_FLIGHT } from '../../command-handling/state/snapshotting.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { fulfilmentStream, inventoryStream, orderStream } from '../../event-catalogue/streams.ts';
import type { EventStoreConnection } from '../../event-store/connect.ts';
import { defaultAdmission } from '../../platform/http/limits/admission.ts';
import { defaultConcurrency } from '../../process-managers/engine/start-engine.ts';
import { DELIVERIES_AT_ONCE } from '../../process-managers/fulfilment/fulfilment.ts';
import { stockMovements } from '../data/stock-movements.ts';
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
 * Appends the maximum that a process of write side and process managers has in flight: the largest order for each request
 * and each delivery, a reservation for each command, and the snapshots that are saved concurrently, of 10,000 orders each.
 */
export function appendAll(to: EventStoreConnection): readonly Promise<unknown>[] {
  const ids = (count: number) => Array.from({ length: count }, () => `${orders++}`);
  const closed = stockMovements('P', 0, 20_000).map(({ data }) => [data.orderId, Number(data.orderPosition)]);
  const position = { commit: 1n, prepare: 1n };
  const snapshot = {
    shape: 'bench',
    version: 1,
    revision: 1n,
    position,
    state: { closed: closed.slice(0, 10_000) },
  };
  return [
    ...ids(defaultAdmission.maxInFlight).map((id) =>
      append(to, orderStream(id), { type: 'OrderPlaced', data: largestOrder(id) }),
    ),
    ...ids(DELIVERIES_AT_ONCE).flatMap((id) =>
      largestFulfilment(id)
        .slice(0, 1)
        .map((event) => append(to, fulfilmentStream(id), event)),
    ),
    ...ids(defaultConcurrency.commands).flatMap((id) =>
      stockMovements(id, 0, 1).map((event) => append(to, inventoryStream(id), event)),
    ),
    ...ids(MAX_SNAPSHOTS_IN_FLIGHT).map((id) => to.snapshots.save(inventoryStream(id), snapshot)),
  ];
}
