import { expect, it } from 'vitest';
import { table } from '../output/table.ts';
import { describeItem, parkedColumns } from './describe.ts';

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
const wait = {
  ...event,
  id: '89abcdef0123456789abcdef',
  kind: 'deadline',
  type: 'payment',
  status: 'replaying',
};

it('parked items are listed with what they are about, and why', () => {
  const lines = table(parkedColumns, [wait, event], { width: 200 }).split('\n');
  expect(lines.map((line) => line.replace(/ +\d+d /, ' AGE '))).toEqual([
    expect.stringMatching(/^ID .* WHAT .* REASON$/),
    '89abcdef0123456789abcdef AGE  wait for payment order-o-1@0  replaying  permanent-error: UndecodableEvent: it cannot be read: lines is missing',
    '0123456789abcdef01234567 AGE  OrderPlaced order-o-1@0       parked     permanent-error: UndecodableEvent: it cannot be read: lines is missing',
  ]);
});

it('one parked item is shown with all its fields', () => {
  expect(describeItem(event)).toBe(
    [
      'id         0123456789abcdef01234567',
      'what       OrderPlaced at order-o-1@0',
      'order      o-1',
      'parked by  fulfilment',
      'parked     2 times, first at 2026-01-05T10:00:00.000Z, last at 2026-01-05T11:00:00.000Z',
      'status     parked',
      'reason     permanent-error',
      'detail     UndecodableEvent: it cannot be read: lines is missing',
    ].join('\n'),
  );
});
