import { describe, expect, it } from 'vitest';
import { customerId, orderId } from '../../domain/kernel/ids.ts';
import { orderConfirmed, timeoutScheduled } from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { deadlinesProjection } from './projection.ts';

const AT_NOON = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-01T12:00:30Z';

describe('the read model deadlines', () => {
  it('keeps the latest timeout of a stream', () => {
    const log = new TestLog();
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', AT_NOON));
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd2', LATER));

    expect(bodies(fold(deadlinesProjection, log.events))).toEqual({
      'fulfilment-o1': {
        stream: 'fulfilment-o1',
        current: {
          timeoutId: 'd2',
          waitingFor: 'payment',
          attempt: 1,
          scheduledAt: '2026-03-01T12:00:02.000Z',
          dueAt: LATER,
          due: 1772366430000,
        },
      },
    });
  });

  it('ends the timeout with any other event, and keeps the document', () => {
    const log = new TestLog();
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', AT_NOON));
    log.record('fulfilment-o1', { type: 'FulfilmentPaid', data: { orderId: orderId('o1') } });

    expect(bodies(fold(deadlinesProjection, log.events))).toEqual({
      'fulfilment-o1': { stream: 'fulfilment-o1' },
    });
  });

  it('has no timeout while the wait is parked', () => {
    const log = new TestLog();
    const parked = { orderId: orderId('o1'), waitingFor: 'payment', reason: 'a defect' } as const;
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', AT_NOON));
    log.record('fulfilment-o1', { type: 'WaitParked', data: parked });
    expect(bodies(fold(deadlinesProjection, log.events))).toEqual({
      'fulfilment-o1': { stream: 'fulfilment-o1' },
    });
  });

  it('ends only a wait for a recall when the carrier answers the recall', () => {
    const recalled = {
      type: 'FulfilmentRecalled',
      data: { orderId: orderId('o1'), outcome: 'nothing-taken' },
    } as const;
    const log = new TestLog();
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', AT_NOON, 'refund'));
    log.record('fulfilment-o1', recalled);
    expect(bodies(fold(deadlinesProjection, log.events))).toMatchObject({
      'fulfilment-o1': { current: { timeoutId: 'd1' } },
    });
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd2', AT_NOON, 'recall'));
    log.record('fulfilment-o1', recalled);
    expect(bodies(fold(deadlinesProjection, log.events))).toEqual({
      'fulfilment-o1': { stream: 'fulfilment-o1' },
    });
  });

  it('keeps the timeout of the mails to an account until the next event of their stream', () => {
    const userId = customerId('u1');
    const scheduled = { userId, timeoutId: 'd1', waitingFor: 'sending', attempt: 1, dueAt: AT_NOON } as const;
    const log = new TestLog();
    log.record('mails-u1', { type: 'AccountMailTimeoutScheduled', data: scheduled });
    expect(bodies(fold(deadlinesProjection, log.events))).toMatchObject({
      'mails-u1': { current: { timeoutId: 'd1', waitingFor: 'sending' } },
    });
    log.record('mails-u1', { type: 'AccountMailSent', data: { userId, mailId: 'm1', sentAt: AT_NOON } });
    expect(bodies(fold(deadlinesProjection, log.events))).toEqual({ 'mails-u1': { stream: 'mails-u1' } });
  });

  it('ignores events of other streams', () => {
    const log = new TestLog();
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', AT_NOON));
    log.record('order-o1', orderConfirmed('o1'));

    expect(bodies(fold(deadlinesProjection, log.events))).toMatchObject({
      'fulfilment-o1': { current: { timeoutId: 'd1' } },
    });
  });

  it('creates no document for a stream without timeouts', () => {
    const log = new TestLog();
    log.record('fulfilment-o1', { type: 'StockAllocated', data: { orderId: orderId('o1') } });

    expect(bodies(fold(deadlinesProjection, log.events))).toEqual({});
  });

  it('folds to the same documents after a crash', () => {
    const log = new TestLog();
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', AT_NOON));
    log.record('fulfilment-o2', timeoutScheduled('o2', 'd1', AT_NOON));
    log.record('fulfilment-o1', { type: 'FulfilmentPaid', data: { orderId: orderId('o1') } });
    log.record('fulfilment-o1', timeoutScheduled('o1', 'd2', LATER));

    expect(differencesAfterCrashes(deadlinesProjection, log.events)).toEqual([]);
  });
});
