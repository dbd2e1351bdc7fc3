import { describe, expect, it } from 'vitest';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import { deliverAll, runToRest } from './testing/deliveries.ts';
import { createShop, ORDER } from './testing/shop.ts';

describe('a timeout of an order', () => {
  /** Returns a shop and a process that crashed after it recorded the timeout and before it made the call. */
  async function crashBeforeCall() {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const crashedProcess = shop.startProcess();
    await crashedProcess.calls.stop(0);
    await deliverAll(shop, crashedProcess);
    return { shop, crashedProcess };
  }

  it('changes nothing when it is no longer current', async () => {
    const shop = createShop({ carrier: manualCarrier });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 }, 'tok_flaky');
    const process = shop.startProcess();
    await runToRest(shop, process);
    const first = await shop.timeout();
    await runToRest(shop, process, { timeouts: 2 });
    const before = await shop.store.head();
    await process.timeoutElapsed(ORDER, first?.timeoutId ?? '');
    await process.calls.idle();
    expect(await shop.store.head()).toEqual(before);
  });

  it('repeats a call that was lost in a crash', async () => {
    const { shop } = await crashBeforeCall();
    expect(await shop.outcome()).toMatchObject({ payment: 'unrequested' });

    const next = shop.startProcess();
    await next.timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
    await runToRest(shop, next);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('sends pending work after a failed attempt, even if the timeout is no longer current', async () => {
    const { shop, crashedProcess } = await crashBeforeCall();
    const first = (await shop.untilDue()) ?? '';
    await crashedProcess.timeoutElapsed(ORDER, first);

    const next = shop.startProcess();
    await next.timeoutElapsed(ORDER, first);
    await next.calls.idle();
    expect(await shop.outcome()).toMatchObject({ payment: 'requested' });
    await next.timeoutElapsed(ORDER, first, true);
    await next.calls.idle();
    expect(await shop.outcome()).toMatchObject({ payment: 'captured' });
  });
});
