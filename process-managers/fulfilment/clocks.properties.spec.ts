import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { fulfilmentStream } from '../../event-catalogue/streams.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import type { DueTimeout } from '../../projections/deadlines/queries.ts';
import { createObservedWaits } from '../engine/timeouts/observed-waits.ts';
import { createStrays } from '../engine/timeouts/stray-timeouts.ts';
import { createShop, ORDER, type Shop } from './testing/shop.ts';

const policy = { ...fulfilmentPolicy, paymentGiveUpMs: 20_000 };
const START = Date.parse('2026-01-05T10:00:00.000Z');
const HOUR = 3_600_000;
const STEP_MS = 1_000;
const LAST_MS = 150_000;

/** A process that handles timeouts; its clock is wrong by some milliseconds, and by others from a certain time on. */
interface WrongClock {
  readonly byMs: number;
  readonly laterByMs: number;
  readonly fromMs: number;
}

const STREAM = fulfilmentStream(ORDER);

/** Returns the current timeout of the order, in the form of the read model. */
async function current(shop: Shop): Promise<DueTimeout | undefined> {
  const last = (await shop.eventsOf(STREAM)).findLast(({ event }) => event.type !== 'FulfilmentRecalled');
  if (last?.event.type !== 'TimeoutScheduled') return undefined;
  return { ...(last.event.data as DueTimeout), stream: STREAM, scheduledAt: last.at.toISOString() };
}

/** Runs an order with processes whose clocks are wrong; returns its final status and the milliseconds until then. */
async function runOrder(wrongs: readonly WrongClock[], backAfterMs: number) {
  const elapsed = { ms: 0 };
  const simulated = simulatedPayments();
  const payments: PaymentProvider = {
    ...simulated,
    capture: async (request) =>
      elapsed.ms < backAfterMs ? { outcome: 'unavailable', reason: '503' } : simulated.capture(request),
  };
  const shop = createShop({ payments, policy });
  await shop.stock('tea', 9);
  await shop.place({ tea: 4 });
  const processes = wrongs.map(({ byMs, laterByMs, fromMs }) => {
    const clock = () => new Date(START + elapsed.ms + (elapsed.ms < fromMs ? byMs : laterByMs));
    const observed = createObservedWaits(() => elapsed.ms);
    const process = shop.startProcess(undefined, { clock, timeoutScheduled: observed.began });
    const rules = process.waits;
    if (rules === undefined) throw new RangeError('fulfilment has waits');
    const strays = createStrays({ maxMs: rules.maxTimeoutMs, elapsed: () => elapsed.ms });
    const look = async () => {
      const timeout = await current(shop);
      if (timeout === undefined) return strays.overdue([]);
      const [due, now] = [Date.parse(timeout.dueAt), clock().getTime()];
      const found = due <= now && observed.isOver(timeout, rules) ? [timeout] : [];
      const later = due > now + rules.maxTimeoutMs(timeout.waitingFor) ? [timeout] : [];
      for (const { timeoutId } of [...found, ...strays.overdue(later)])
        await process.timeoutElapsed(ORDER, timeoutId);
      return process.calls.idle();
    };
    return { ...process, look };
  });
  const delivered = new Set<string>();
  for (let turn = 0; elapsed.ms < LAST_MS; turn += 1, elapsed.ms += STEP_MS) {
    for (const recorded of await shop.events()) {
      if (delivered.has(recorded.id)) continue;
      delivered.add(recorded.id);
      const process = processes[turn % processes.length];
      await process?.handle(recorded);
      await process?.calls.idle();
    }
    const { order } = await shop.outcome();
    if (order === 'shipped' || order === 'rejected') return { order, afterMs: elapsed.ms };
    for (const { look } of processes) await look();
  }
  return { order: (await shop.outcome()).order, afterMs: elapsed.ms };
}

describe('with any wrong clocks of the processes, also when these are set during the wait', () => {
  const byMs = fc.oneof(
    fc.constantFrom(0, -24 * HOUR, 24 * HOUR),
    fc.integer({ min: -60_000, max: 60_000 }),
    fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
  );
  const wrong = fc.record({ byMs, laterByMs: byMs, fromMs: fc.integer({ min: 0, max: 30_000 }) });
  const wrongs = fc.array(wrong, { minLength: 1, maxLength: 4 });

  it('captures the payment and ships the order, when the provider is available again within 8 s', async () => {
    await fc.assert(
      fc.asyncProperty(wrongs, fc.integer({ min: 0, max: 8_000 }), async (wrongs, backAfterMs) => {
        expect(await runOrder(wrongs, backAfterMs)).toMatchObject({ order: 'shipped' });
      }),
      { numRuns: 25 },
    );
  });

  it('rejects the order when the provider stays unavailable, but not before the give-up time', async () => {
    await fc.assert(
      fc.asyncProperty(wrongs, async (wrongs) => {
        const { order, afterMs } = await runOrder(wrongs, Number.POSITIVE_INFINITY);
        expect(order).toBe('rejected');
        expect(afterMs).toBeGreaterThanOrEqual(policy.paymentGiveUpMs);
      }),
      { numRuns: 25 },
    );
  });
});
