import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import type { ShipmentCommand } from '../../domain/shipment/commands.ts';
import type { Carrier } from '../../integrations/carrier/carrier.ts';
import type { Definition } from '../engine/definition.ts';
import { lanesOf, reasonOf } from './lanes.ts';
import type { Fulfilment } from './types.ts';

type Calls = Pick<Definition<Fulfilment>['calls'], 'DispatchShipment' | 'RecallShipment'>;

interface Options {
  readonly carrier: Carrier;
  readonly handler: Pick<CommandHandler, 'cachedState'>;
  /** Read when a response has arrived: it dates what the carrier did. */
  readonly clock: () => Date;
}

const actor = 'carrier';

/** The calls to the carrier. */
export const carrierCalls = ({ carrier, handler, clock }: Options): Calls => {
  const now = (): string => clock().toISOString();
  return {
    DispatchShipment: {
      waitingFor: 'dispatch',
      actor,
      lanes: lanesOf,
      // A cancellation never changes back, so a stale state is enough.
      isNeedless: ({ orderId }) =>
        handler.cachedState(aggregate('shipment', orderId))?.status === 'cancelled',
      make: async ({ orderId, customerId }, signal) => {
        const response = await carrier.dispatch({ orderId, customerId }, signal);
        switch (response.outcome) {
          case 'dispatched': {
            const { carrier: name, trackingNumber } = response;
            return result(orderId, {
              type: 'RecordDispatch',
              carrier: name,
              trackingNumber,
              dispatchedAt: now(),
            });
          }
          case 'by-operator':
            return { outcome: 'pending', reason: 'an operator dispatches the parcel' };
          case 'recalled':
            return { outcome: 'pending', reason: 'the parcel was recalled' };
          default:
            return { outcome: 'pending', reason: response.reason };
        }
      },
    },
    RecallShipment: {
      waitingFor: 'recall',
      actor,
      lanes: lanesOf,
      make: async ({ orderId, customerId }, signal) => {
        const response = await carrier.recall({ orderId, customerId }, signal);
        if (response.outcome === 'unavailable') return { outcome: 'pending', reason: response.reason };
        const recall =
          response.outcome === 'refused' ? { ...response, reason: reasonOf(response) } : response;
        return result(orderId, { type: 'RecordRecall', ...recall, recalledAt: now() });
      },
    },
  };
};

const result = (id: OrderId, command: ShipmentCommand) =>
  ({ outcome: 'result', command: { to: 'shipment', id, command } }) as const;
