import pLimit from 'p-limit';
import { describe, expect, it, vi } from 'vitest';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { createCommandSender } from './commands.ts';
import { type Gift, gift } from './testing/gift/definition.ts';
import { giftShop } from './testing/gift/shop.ts';
import {
  VoucherAlreadyCancelled,
  type VoucherState,
  voucherDecider,
  voucherStream,
} from './testing/gift/voucher.ts';
import type { GiftCommand } from './testing/gift/workflow.ts';

const GIFT = 'g-1';
const cause = { id: 'an event', traceparent: '00-trace-span-01' };
const issue = (giftId = GIFT): GiftCommand => ({
  id: giftId,
  command: { type: 'IssueVoucher', giftId, code: `code of ${giftId}` },
});
const recordCard: GiftCommand = { id: GIFT, command: { type: 'RecordCard', giftId: GIFT, sheet: 's-1' } };

const senderOf = (handler: CommandHandler, atOnce = 10) =>
  createCommandSender<Gift>(
    gift(async () => ({ sheet: 's-1' })),
    { handler, limit: pLimit(atOnce) },
  );

/** Creates a sender of a process of its own, and counts the commands that its handler receives. */
function sending(shop = giftShop()) {
  const handler = shop.ownHandler();
  const handle = vi.spyOn(handler, 'handle');
  return { shop, handle, ...senderOf(handler) };
}

/** Creates a sender whose commands end when the test says so, with the ids of the running ones. */
function deferred(atOnce = 10) {
  const ends = new Map<string, (error?: Error) => void>();
  const state: VoucherState = { status: 'issued', code: 'a code' };
  const handle = ({ stream }: { readonly stream: string }) =>
    new Promise((resolve, reject) => {
      ends.set(stream, (error) => {
        ends.delete(stream);
        if (error === undefined) resolve({ state: { ...state, code: stream }, events: [], ids: [] });
        else reject(error);
      });
    });
  const handler = { handle, cachedState: () => undefined } as unknown as CommandHandler;
  const settled = () => new Promise(setImmediate);
  return {
    ...senderOf(handler, atOnce),
    running: async () => {
      await settled();
      return [...ends.keys()];
    },
    end: async (giftId: string, error?: Error) => {
      ends.get(voucherStream(giftId))?.(error);
      await settled();
    },
  };
}

describe('the results of commands', () => {
  it('come from the states of their aggregates, in the order of the commands', async () => {
    const { sendAll } = sending();
    expect(await sendAll([issue('g-2'), issue('g-1')], GIFT, cause)).toEqual(['code of g-2', 'code of g-1']);
  });

  it('are the same when the commands are sent again, also by another process', async () => {
    const { shop, sendAll } = sending();
    const again = sending(shop);
    expect(await sendAll([issue()], GIFT, cause)).toEqual(['code of g-1']);
    expect(await sendAll([issue()], GIFT, cause)).toEqual(['code of g-1']);
    expect(await again.sendAll([issue()], GIFT, cause)).toEqual(['code of g-1']);
    expect(await shop.typesOf('voucher-g-1')).toEqual(['VoucherIssued']);
  });

  it('leave out commands without a result for the workflow', async () => {
    const { sendAll } = sending();
    expect(await sendAll([recordCard, issue('g-2')], GIFT, cause)).toEqual(['code of g-2']);
  });
});

describe('a command that its aggregate rejects', () => {
  const cancelled = async () => {
    const sender = sending();
    const cancel = { type: 'CancelVoucher', giftId: GIFT } as const;
    await sender.shop.send(voucherStream(GIFT), voucherDecider, cancel);
    return sender;
  };

  it('counts as done without a result when its `accepts` names the rejection', async () => {
    const { sendAll, shop } = await cancelled();
    const accepting = { ...issue(), accepts: 'voucher-already-cancelled' };
    expect(await sendAll([accepting, issue('g-2')], GIFT, cause)).toEqual(['code of g-2']);
    expect(await shop.typesOf('voucher-g-1')).toEqual(['VoucherCancelled']);
  });

  it('throws the rejection when its `accepts` names another one, or none', async () => {
    const { sendAll } = await cancelled();
    const other = { ...issue(), accepts: 'voucher-already-printed' };
    await expect(sendAll([issue()], GIFT, cause)).rejects.toThrow(VoucherAlreadyCancelled);
    await expect(sendAll([other], GIFT, cause)).rejects.toThrow(VoucherAlreadyCancelled);
  });
});

describe('commands that are sent together', () => {
  it('run side by side', async () => {
    const { sendAll, running, end } = deferred();
    const sent = sendAll([issue('g-1'), issue('g-2')], GIFT, cause);
    expect(await running()).toEqual(['voucher-g-1', 'voucher-g-2']);
    await end('g-2');
    await end('g-1');
    expect(await sent).toEqual(['voucher-g-1', 'voucher-g-2']);
  });

  it('share the limit of the process with those of other instances', async () => {
    const { sendAll, running, end } = deferred(2);
    const sent = Promise.all([
      sendAll([issue('g-1')], 'g-1', cause),
      sendAll([issue('g-2'), issue('g-3')], 'g-2', cause),
    ]);
    expect(await running()).toEqual(['voucher-g-1', 'voucher-g-2']);
    await end('g-1');
    expect(await running()).toEqual(['voucher-g-2', 'voucher-g-3']);
    await end('g-2');
    await end('g-3');
    await sent;
  });

  it('all end before the error of a failed one is thrown', async () => {
    const { sendAll, running, end } = deferred();
    let outcome: unknown = 'pending';
    const sent = sendAll([issue('g-1'), issue('g-2')], GIFT, cause).catch((error: unknown) => {
      outcome = error;
    });
    await running();
    await end('g-1', new EventStoreUnavailable('for a while'));
    expect(outcome).toBe('pending');
    await end('g-2');
    await sent;
    expect(outcome).toBeInstanceOf(EventStoreUnavailable);
  });
});

describe('a command sent by `ensure`', () => {
  const pending = { ...issue(), pendingIn: ['none'] };

  it('is sent when the state of its aggregate is not cached, or has a status in which the command is pending', async () => {
    const { shop, handle, ensure } = sending();
    await ensure([pending], GIFT, cause);
    expect(handle).toHaveBeenCalledTimes(1);
    await ensure([{ ...pending, pendingIn: ['none', 'issued'] }], GIFT, cause);
    expect(handle).toHaveBeenCalledTimes(2);
    const other = sending(shop);
    await other.ensure([pending], GIFT, cause);
    expect(other.handle).toHaveBeenCalledTimes(1);
    expect(await shop.typesOf('voucher-g-1')).toEqual(['VoucherIssued']);
  });

  it('is not sent when the cached state shows that it is done; the other commands are sent', async () => {
    const { handle, ensure } = sending();
    await ensure([pending], GIFT, cause);
    handle.mockClear();
    await ensure([pending, { ...issue('g-2'), pendingIn: ['none'] }], GIFT, cause);
    expect(handle.mock.calls.map(([{ stream }]) => stream)).toEqual(['voucher-g-2']);
  });

  it('is always sent when it names no statuses in which it is pending', async () => {
    const { handle, ensure } = sending();
    await ensure([issue()], GIFT, cause);
    await ensure([issue()], GIFT, cause);
    expect(handle).toHaveBeenCalledTimes(2);
  });
});

describe('the context of a command', () => {
  it('names the process manager, the instance and the cause; a repetition has the same command id', async () => {
    const { handle, sendAll } = sending();
    await sendAll([issue(), issue('g-2')], GIFT, cause);
    await sendAll([issue()], GIFT, { id: 'another event' });
    const shared = {
      correlationId: GIFT,
      causationId: 'an event',
      traceparent: '00-trace-span-01',
      actor: { sub: 'gift', role: 'system' },
    };
    expect(handle.mock.calls.map(([{ context }]) => context)).toEqual([
      { ...shared, commandId: 'gift:g-1:IssueVoucher' },
      { ...shared, commandId: 'gift:g-1:IssueVoucher:g-2' },
      {
        commandId: 'gift:g-1:IssueVoucher',
        correlationId: GIFT,
        causationId: 'another event',
        actor: { sub: 'gift', role: 'system' },
      },
    ]);
  });

  it('names the external system as the author of the result of a call', async () => {
    const { handle, record } = sending();
    const { events, revision } = await record(recordCard, 'printer', GIFT, cause);
    expect(events).toEqual([{ type: 'CardPrinted', data: { giftId: GIFT, sheet: 's-1' } }]);
    expect(revision).toBe(0n);
    expect(handle.mock.calls[0]?.[0].context).toMatchObject({
      commandId: 'printer:g-1:RecordCard',
      actor: { sub: 'printer', role: 'system' },
    });
  });

  it('presumes a new stream for a command that usually creates it', async () => {
    const { handle, sendAll } = sending();
    const first = { ...issue(), isFirst: true };
    await sendAll([first, recordCard], GIFT, cause);
    expect(handle.mock.calls.map(([{ presumeNew }]) => presumeNew)).toEqual([true, false]);
  });
});
