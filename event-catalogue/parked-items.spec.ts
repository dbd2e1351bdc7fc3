import { expect, it } from 'vitest';
import { WaitKind } from '../domain/fulfilment/events.ts';
import { exceptionItem, itemOf, waitItem } from './parked-items.ts';

it('the parked item of a wait for a refund has its own kind, and the stream of the fulfilment', () => {
  const ofOrder = { group: 'fulfilment', stream: 'fulfilment-o-1', orderId: 'o-1' };
  expect(waitItem('o-1', 'refund').subject).toMatchObject({ ...ofOrder, kind: 'refund', type: 'refund' });
  expect(waitItem('o-1', 'payment').subject).toMatchObject({ ...ofOrder, kind: 'deadline', type: 'payment' });
});

it('the parked item of a wait in which money is owed or may have moved is about money', () => {
  const aboutMoney = WaitKind.options.filter((kind) => waitItem('o-1', kind).subject.aboutMoney);
  expect(aboutMoney).toEqual(['payment', 'settlement', 'refund']);
});

it('each wait and each exception of an order has a parked item with an id of its own, the same each time', () => {
  const items = () => [
    waitItem('o-1', 'refund'),
    waitItem('o-1', 'recall'),
    exceptionItem('o-1', 'dispatched-twice', 1),
    exceptionItem('o-1', 'dispatched-twice', 2),
  ];
  const ids = items().map(({ itemId }) => itemId);
  expect(new Set(ids).size).toBe(4);
  expect(items().map(({ subject }) => itemOf(subject).itemId)).toEqual(ids);
});
