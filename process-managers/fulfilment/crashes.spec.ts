import { describe, expect, it } from 'vitest';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import { Crash, dyingAt } from '../engine/testing/crashing-handler.ts';
import { ORDER, type Process, runToRest, type Shop, shop } from './testing/shop.ts';

/** A story as a shop is asked for it, act by act; each act is run to rest before the next. */
interface Story {
  readonly name: string;
  readonly open: () => Shop;
  readonly acts: readonly ((here: Shop) => Promise<unknown>)[];
}

const stories: readonly Story[] = [
  {
    name: 'an order that is shipped',
    open: () => shop(),
    acts: [
      (here) => here.stock('tea', 9),
      (here) => here.stock('mug', 9),
      (here) => here.place({ tea: 4, mug: 2 }),
    ],
  },
  {
    name: 'an order that is short',
    open: () => shop(),
    acts: [(here) => here.stock('tea', 9), (here) => here.place({ tea: 4, mug: 2 })],
  },
  {
    name: 'an order that is declined',
    open: () => shop(),
    acts: [(here) => here.stock('tea', 9), (here) => here.place({ tea: 4 }, 'tok_declined')],
  },
  {
    name: 'an order whose provider stays away',
    open: () => shop({ policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 8_000 } }),
    acts: [(here) => here.stock('tea', 9), (here) => here.place({ tea: 4 }, 'tok_down')],
  },
  {
    name: 'an order that is cancelled when it was paid',
    open: () => shop({ carrier: manualCarrier, policy: { firstDispatchMs: 3_600_000 } }),
    acts: [(here) => here.stock('tea', 9), (here) => here.place({ tea: 4 }), (here) => here.cancelShipment()],
  },
  {
    name: 'an order that is dispatched by hand and delivered',
    open: () => shop({ carrier: manualCarrier, policy: { firstDispatchMs: 3_600_000 } }),
    acts: [
      (here) => here.stock('tea', 9),
      (here) => here.place({ tea: 4 }),
      (here) => here.dispatch(),
      (here) => here.deliver(),
    ],
  },
  {
    name: 'an order that is shipped, then refunded',
    open: () => shop(),
    acts: [(here) => here.stock('tea', 9), (here) => here.place({ tea: 4 }), (here) => here.requestRefund()],
  },
];

/** Deadlines further off than this are not waited for: a parcel may wait for its operator for days. */
const PATIENCE_MS = 300_000;

/**
 * Delivers all, and fires each deadline as it comes due, until the order rests. When the process dies, the next one is
 * delivered everything again; a call that died with it is made up for by its deadline. Answers the process at work.
 */
async function survive(here: Shop, first: Process, isDead: () => boolean): Promise<Process> {
  const start = here.clock().getTime();
  let process = first;
  for (;;) {
    try {
      await runToRest(here, process);
      const deadline = await here.timeout();
      if (process === first && isDead()) process = here.startProcess();
      else if (deadline === undefined || Date.parse(deadline.dueAt) > start + PATIENCE_MS) return process;
      else await process.timeoutElapsed(ORDER, (await here.untilDue()) ?? '');
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      process = here.startProcess();
    }
  }
}

const WAITS: ReadonlySet<string> = new Set(['TimeoutScheduled', 'FulfilmentRecalled']);

/**
 * What must be the same after any number of crashes: the events of all streams except the waits, and stock and money. A
 * carrier may get a recall twice, and answer before or after the refund.
 */
async function end(here: Shop) {
  const types = async (stream: string) =>
    (await here.typesOf(stream))
      .filter((type, at, all) => !WAITS.has(type) && !(type === 'ShipmentRecalled' && all[at - 1] === type))
      .join(' ');
  return {
    ...(await here.books('tea', 'mug')),
    events: await Promise.all(
      ['order-o-1', 'payment-o-1', 'shipment-o-1', 'fulfilment-o-1', 'inventory-tea', 'inventory-mug'].map(
        types,
      ),
    ),
  };
}

async function tell(story: Story, n: number, when: 'before' | 'after') {
  const here = story.open();
  const handler = dyingAt(n, when, here.ownHandler());
  let process = here.startProcess(handler);
  for (const act of story.acts) {
    await act(here);
    process = await survive(here, process, () => handler.dead);
  }
  return { end: await end(here), died: handler.dead };
}

describe.each(stories)('$name', (story) => {
  it.each(['before', 'after'] as const)(
    'ends the same when its process dies %s any of its commands',
    async (when) => {
      const undisturbed = await tell(story, Number.POSITIVE_INFINITY, when);
      expect(undisturbed.died).toBe(false);
      let commands = 0;
      for (let n = 1; ; n += 1) {
        const told = await tell(story, n, when);
        if (!told.died) break;
        expect(told.end, `died ${when} command ${n}`).toEqual(undisturbed.end);
        commands = n;
      }
      expect(commands).toBeGreaterThan(6);
    },
  );
});
