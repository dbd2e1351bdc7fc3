import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId, orderId } from '../kernel/ids.ts';
import { attempt, deepFreeze } from '../testing/given-when-then.ts';
import type { ShipmentCommand } from './commands.ts';
import { shipmentDecider } from './decider.ts';
import type { ShipmentState } from './state.ts';

const { initialState } = shipmentDecider;

const owner = { orderId: orderId('o-1'), customerId: customerId('17850') };
const dispatch = {
  type: 'DispatchShipment',
  carrier: 'Royal Mail',
  dispatchedAt: '2010-12-01T12:00:00Z',
} as const;
const command = fc.constantFrom<ShipmentCommand>(
  { type: 'RequestShipment', ...owner },
  { ...dispatch, trackingNumber: 'RM1' },
  { ...dispatch, trackingNumber: 'RM2' },
  { ...dispatch, type: 'RecordDispatch', trackingNumber: 'RM1' },
  { ...dispatch, type: 'RecordDispatch', trackingNumber: 'RM2' },
  { type: 'RecordRecall', outcome: 'nothing-taken', recalledAt: '2010-12-02T12:00:00Z' },
  { type: 'DeliverShipment', deliveredAt: '2010-12-03T10:00:00Z' },
  { type: 'CancelShipment', ...owner, cancelledBy: '17850' },
);

const send = (state: ShipmentState, command: ShipmentCommand) => attempt(shipmentDecider, state, command);

describe('after any commands', () => {
  it('a shipment is dispatched once or cancelled, never both', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let state: ShipmentState = deepFreeze(initialState);
        const types: string[] = [];
        for (const command of commands) {
          const after = send(state, command);
          state = after.state;
          types.push(...after.events.map(({ type }) => type));
          expect(send(state, command).events).toEqual([]);
        }
        const ends = types.filter((type) => type === 'ShipmentDispatched' || type === 'ShipmentCancelled');
        expect(ends.length).toBeLessThanOrEqual(1);
        const once = types.filter((type) => type !== 'ShipmentContradicted' && type !== 'ShipmentRecalled');
        expect(new Set(once).size).toBe(once.length);
      }),
    );
  });
});
