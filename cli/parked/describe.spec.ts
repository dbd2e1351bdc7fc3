import { expect, it } from 'vitest';
import { describeItem, describeItems } from './describe.ts';

const event = {
  id: '0123456789abcdef01234567',
  group: 'fulfilment',
  kind: 'event',
  stream: 'order-o-1',
  revision: '0',
  type: 'OrderPlaced',
  orderId: 'o-1',
  reason: 'permanent-error',
  detail: 'UndecodableEvent: it cannot be read:\n  lines is missing',
  firstAt: '2026-01-05T10:00:00.000Z',
  at: '2026-01-05T11:00:00.000Z',
  times: 2,
  status: 'parked',
};
const refund = {
  id: '89abcdef0123456789abcdef',
  group: 'fulfilment',
  kind: 'refund',
  stream: 'fulfilment-o-2',
  type: 'refund',
  orderId: 'o-2',
  reason: 'call-refused',
  detail: 'no such payment',
  firstAt: '2026-01-05T12:00:00.000Z',
  at: '2026-01-05T12:00:00.000Z',
  times: 1,
  status: 'replaying',
};

it('the parked command prints one line for each parked item', () => {
  expect(describeItems([refund, event])).toBe(
    [
      '89abcdef0123456789abcdef  2026-01-05T12:00:00.000Z  refund fulfilment-o-2 (replaying)  call-refused: no such payment',
      '0123456789abcdef01234567  2026-01-05T11:00:00.000Z  OrderPlaced order-o-1@0  permanent-error: UndecodableEvent: it cannot be read: lines is missing',
      '2 parked',
    ].join('\n'),
  );
  expect(describeItems([])).toBe('nothing is parked');
});

it('the parked command prints all fields of one item', () => {
  expect(describeItem(event)).toBe(
    [
      'id         0123456789abcdef01234567',
      'what       OrderPlaced at order-o-1@0',
      'order      o-1',
      'parked by  fulfilment',
      'parked     2 times, first at 2026-01-05T10:00:00.000Z, last at 2026-01-05T11:00:00.000Z',
      'status     parked',
      'reason     permanent-error',
      'detail     UndecodableEvent: it cannot be read:\n  lines is missing',
    ].join('\n'),
  );
});
