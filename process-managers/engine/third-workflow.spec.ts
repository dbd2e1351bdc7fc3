import { describe, expect, it, vi } from 'vitest';
import { noActions, type Workflow } from '../../domain/kernel/workflow.ts';
import { MAX_REFUSALS } from './calls/make-calls.ts';
import type { ProcessManager } from './create-process-manager.ts';
import type { CommandTarget, Definition } from './definition.ts';
import { Crash, crashingAt } from './testing/crashing-handler.ts';
import type { Gift, Printer } from './testing/gift/definition.ts';
import { deliverAll, type GiftShop, giftShop } from './testing/gift/shop.ts';
import { voucherDecider, voucherStream } from './testing/gift/voucher.ts';
import type { GiftCommand, GiftEventReceived, GiftInput, GiftOrdered } from './testing/gift/workflow.ts';

const GIFT = 'g-1';
const ISSUED = ['GiftStarted', 'VoucherReceived', 'TimeoutScheduled'];

const history = async (shop: GiftShop) => ({
  gift: await shop.typesOf(`gift-${GIFT}`),
  voucher: await shop.typesOf(`voucher-${GIFT}`),
});

/** Lets the current timeout elapse, and delivers what follows. */
async function elapse(shop: GiftShop, process: ProcessManager): Promise<void> {
  const timeoutId = await shop.untilDue(GIFT);
  if (timeoutId === undefined) return;
  await process.timeoutElapsed(GIFT, timeoutId);
  await process.calls.idle();
}

describe('the engine with a workflow that is not part of the shop', () => {
  it('runs the workflow from its first event over a command and an external call to its completion', async () => {
    const shop = giftShop();
    await shop.order(GIFT);
    await deliverAll(shop, shop.startProcess());
    expect(await history(shop)).toEqual({
      gift: [...ISSUED, 'GiftCompleted'],
      voucher: ['VoucherIssued', 'CardPrinted'],
    });
    const completed = (await shop.eventsOf(`gift-${GIFT}`)).at(-1);
    expect(completed?.event.data).toEqual({ giftId: GIFT, sheet: 'sheet with code of g-1' });
  });

  it('records the actor, the instance and the cause of each command', async () => {
    const shop = giftShop();
    await shop.order(GIFT);
    await deliverAll(shop, shop.startProcess());
    const [ordered] = await shop.eventsOf(`giftorder-${GIFT}`);
    const metadata = (await shop.eventsOf(`voucher-${GIFT}`)).map((recorded) => recorded.metadata);
    expect(metadata).toMatchObject([
      {
        $correlationId: GIFT,
        $causationId: ordered?.id,
        commandId: 'gift:g-1:IssueVoucher',
        actor: { sub: 'gift', role: 'system' },
      },
      {
        $correlationId: GIFT,
        $causationId: ordered?.id,
        commandId: 'printer:g-1:RecordCard',
        actor: { sub: 'printer', role: 'system' },
      },
    ]);
  });

  it('changes nothing when all events are delivered again to another process', async () => {
    const print = vi.fn<Printer>(async () => ({ sheet: 's-1' }));
    const shop = giftShop(print);
    await shop.order(GIFT);
    await deliverAll(shop, shop.startProcess());
    const before = await history(shop);
    await deliverAll(shop, shop.startProcess());
    expect(await history(shop)).toEqual(before);
    expect(print).toHaveBeenCalledTimes(1);
  });

  it('ignores events that mean nothing to the workflow, and timeouts that are no longer current', async () => {
    const shop = giftShop();
    await shop.order(GIFT);
    const process = shop.startProcess();
    await deliverAll(shop, process);
    const before = await history(shop);
    const [first] = await shop.eventsOf(`gift-${GIFT}`);
    if (first !== undefined) await process.handle(first);
    await process.timeoutElapsed(GIFT, 'g-1-1');
    expect(await history(shop)).toEqual(before);
  });
});

describe('a workflow whose process crashes', () => {
  it('sends its commands after a crash between recording and sending', async () => {
    const shop = giftShop();
    await shop.order(GIFT);
    const crashing = shop.startProcess(crashingAt(2, 'before', shop.ownHandler()));
    await expect(deliverAll(shop, crashing)).rejects.toThrow(Crash);
    expect(await history(shop)).toEqual({ gift: ['GiftStarted'], voucher: [] });
    await deliverAll(shop, shop.startProcess());
    expect((await history(shop)).gift).toEqual([...ISSUED, 'GiftCompleted']);
  });

  it.each(['before', 'after'] as const)(
    'completes once, when its process crashes %s any one of its commands and another process continues',
    async (when) => {
      for (let n = 1; n <= 5; n += 1) {
        const shop = giftShop();
        await shop.order(GIFT);
        const delivered = new Set<string>();
        const handler = crashingAt(n, when, shop.ownHandler());
        const crashing = shop.startProcess(handler);
        await deliverAll(shop, crashing, delivered).catch((error: unknown) =>
          expect(error).toBeInstanceOf(Crash),
        );
        await crashing.calls.idle();
        expect(handler.hasCrashed).toBe(true);
        const next = shop.startProcess();
        await deliverAll(shop, next, delivered);
        await elapse(shop, next);
        await deliverAll(shop, next, delivered);
        const { gift: events, voucher } = await history(shop);
        expect(voucher).toEqual(['VoucherIssued', 'CardPrinted']);
        expect(events.slice(0, 3)).toEqual(ISSUED);
        expect(events.filter((type) => type === 'GiftCompleted')).toHaveLength(1);
        expect(events.at(-1)).toBe('GiftCompleted');
      }
    },
  );
});

describe('a call without a result', () => {
  it('is repeated by its timeouts, at growing intervals, until it has a result', async () => {
    const print = vi.fn<Printer>(async () => ({ outcome: 'pending', reason: 'out of paper' }));
    const shop = giftShop(print);
    await shop.order(GIFT);
    const process = shop.startProcess();
    await deliverAll(shop, process);
    await elapse(shop, process);
    print.mockResolvedValue({ sheet: 's-1' });
    await elapse(shop, process);
    await deliverAll(shop, process);

    expect(print).toHaveBeenCalledTimes(3);
    const events = await shop.eventsOf(`gift-${GIFT}`);
    expect(events.map(({ event }) => event.type)).toEqual([
      ...ISSUED,
      'TimeoutScheduled',
      'TimeoutScheduled',
      'GiftCompleted',
    ]);
    const timeouts = events.filter(({ event }) => event.type === 'TimeoutScheduled');
    expect(timeouts.map(({ event }) => event.data)).toMatchObject([
      { timeoutId: 'g-1-1', attempt: 1, dueAt: '2026-01-05T10:00:01.000Z' },
      { timeoutId: 'g-1-2', attempt: 2, dueAt: '2026-01-05T10:00:03.000Z' },
      { timeoutId: 'g-1-3', attempt: 3, dueAt: '2026-01-05T10:00:07.000Z' },
    ]);
    expect(await shop.parked()).toEqual([]);
  });
});

describe('a call that the other side refuses', () => {
  it('parks its wait after the maximum number of refusals, and continues when an operator replays it', async () => {
    const print = vi.fn<Printer>(async () => ({ outcome: 'refused', reason: 'the card is too large' }));
    const shop = giftShop(print);
    await shop.order(GIFT);
    const process = shop.startProcess();
    await deliverAll(shop, process);
    for (let attempt = 2; attempt <= MAX_REFUSALS; attempt += 1) {
      expect(await shop.parked()).toEqual([]);
      await elapse(shop, process);
    }
    expect(print).toHaveBeenCalledTimes(MAX_REFUSALS);
    expect(await shop.parked()).toMatchObject([
      {
        status: 'parked',
        reason: 'call-refused',
        detail: 'PrintCard is refused: the card is too large',
        subject: { group: 'gift', kind: 'deadline', stream: 'gift-g-1', type: 'card' },
      },
    ]);
    expect((await history(shop)).gift.at(-1)).toBe('WaitParked');
    expect(await shop.untilDue(GIFT)).toBeUndefined();

    print.mockResolvedValue({ sheet: 's-1' });
    await shop.replayOnlyItem(process);
    expect(await shop.parked()).toEqual([]);
    await deliverAll(shop, process);
    expect((await history(shop)).gift.slice(-3)).toEqual(['WaitParked', 'TimeoutScheduled', 'GiftCompleted']);
    expect(print).toHaveBeenCalledTimes(MAX_REFUSALS + 1);
    expect(await shop.parked()).toEqual([]);
  });

  it('is removed from the parking list when its result is recorded by other means', async () => {
    const shop = giftShop(async () => ({ outcome: 'refused', reason: 'the card is too large' }));
    await shop.order(GIFT);
    const process = shop.startProcess();
    await deliverAll(shop, process);
    for (let attempt = 2; attempt <= MAX_REFUSALS; attempt += 1) await elapse(shop, process);
    expect(await shop.parked()).toHaveLength(1);

    const byHand = { type: 'RecordCard', giftId: GIFT, sheet: 'by hand' } as const;
    await shop.send(voucherStream(GIFT), voucherDecider, byHand);
    await deliverAll(shop, process);
    expect((await history(shop)).gift.at(-1)).toBe('GiftCompleted');
    expect(await shop.parked()).toEqual([]);
  });
});

describe('a workflow without a stream', () => {
  const workflow: Workflow<GiftInput, GiftOrdered | undefined, GiftOrdered, GiftCommand, never> = {
    initialState: undefined,
    decide: (input) =>
      input.type === 'GiftEventReceived' && input.event.type === 'GiftOrdered' ? [input.event] : [],
    evolve: (_, event) => event,
    actions: (ordered) => {
      if (ordered === undefined) return noActions;
      const { giftId } = ordered.data;
      const command = { type: 'IssueVoucher', giftId, code: 'by mail' } as const;
      return { ...noActions, commandsId: 'issue', commands: [[{ id: giftId, command }]] };
    },
  };
  interface Vouchers extends Omit<Gift, 'state' | 'event' | 'call'> {
    readonly state: GiftOrdered | undefined;
    readonly event: GiftOrdered;
    readonly call: never;
  }
  const vouchers: Definition<Vouchers> = {
    name: 'vouchers',
    workflow,
    prefixes: ['giftorder-'],
    deliveriesAtOnce: 1,
    receive: ({ event }, now) => {
      if (event.type !== 'GiftOrdered') return undefined;
      const ordered = event as GiftOrdered;
      const input: GiftEventReceived = {
        type: 'GiftEventReceived',
        id: ordered.data.giftId,
        now,
        event: ordered,
      };
      return { input };
    },
    targetOf: ({ id }) =>
      ({ stream: voucherStream(id), decider: voucherDecider }) as unknown as CommandTarget,
    calls: {},
  };

  it('sends its commands again when its event is redelivered, and records nothing of its own', async () => {
    const shop = giftShop();
    const handler = shop.ownHandler();
    const handle = vi.spyOn(handler, 'handle');
    const process = shop.startOther(vouchers, handler);
    await shop.order(GIFT);
    await deliverAll(shop, process);
    await deliverAll(shop, process);
    expect(handle.mock.calls.map(([{ stream }]) => stream)).toEqual(['voucher-g-1', 'voucher-g-1']);
    expect(await history(shop)).toEqual({ gift: [], voucher: ['VoucherIssued'] });
  });

  it('sends its commands after a crash, when its event is redelivered to another process', async () => {
    const shop = giftShop();
    const crashing = shop.startOther(vouchers, crashingAt(1, 'before', shop.ownHandler()));
    await shop.order(GIFT);
    await expect(deliverAll(shop, crashing)).rejects.toThrow(Crash);
    expect((await history(shop)).voucher).toEqual([]);
    await deliverAll(shop, shop.startOther(vouchers));
    expect((await history(shop)).voucher).toEqual(['VoucherIssued']);
  });
});
