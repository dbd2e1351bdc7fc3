import { expect, it } from 'vitest';
import { describeStep, describeSteps } from './describe.ts';

const event = {
  id: '0123456789abcdef01234567',
  group: 'fulfilment',
  kind: 'event',
  stream: 'order-o-1',
  revision: '0',
  type: 'OrderPlaced',
  orderId: 'o-1',
  reason: 'UndecodableEvent: it cannot be read:\n  lines is missing',
  at: '2026-01-05T11:00:00.000Z',
  times: 2,
  status: 'parked',
};
const refund = {
  id: '89abcdef0123456789abcdef',
  group: 'fulfilment',
  kind: 'refund',
  stream: 'payment-o-2',
  orderId: 'o-2',
  reason: 'no such payment',
  at: '2026-01-05T12:00:00.000Z',
  times: 1,
  status: 'replaying',
};

it('parked steps are a line each', () => {
  expect(describeSteps([refund, event])).toBe(
    [
      '89abcdef0123456789abcdef  2026-01-05T12:00:00.000Z  refund payment-o-2 (replaying): no such payment',
      '0123456789abcdef01234567  2026-01-05T11:00:00.000Z  OrderPlaced order-o-1@0: UndecodableEvent: it cannot be read: lines is missing',
      '2 parked',
    ].join('\n'),
  );
  expect(describeSteps([])).toBe('nothing is parked');
});

it('one of them is shown in full', () => {
  expect(describeStep(event)).toBe(
    [
      'id            0123456789abcdef01234567',
      'what          OrderPlaced at order-o-1@0',
      'order         o-1',
      'set aside by  fulfilment',
      'set aside     2 times, the last time at 2026-01-05T11:00:00.000Z',
      'status        parked',
      'reason        UndecodableEvent: it cannot be read:\n  lines is missing',
    ].join('\n'),
  );
});
