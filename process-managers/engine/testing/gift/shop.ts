import pLimit from 'p-limit';
import { parkingList } from '../../../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../../../command-handling/command-handler.ts';
import { createCommandHandler } from '../../../../command-handling/create-command-handler.ts';
import type { Decider } from '../../../../domain/kernel/decider.ts';
import type { DomainEvent } from '../../../../domain/kernel/event.ts';
import { attemptEvents } from '../../../../domain/parking/attempts.ts';
import { type ParkingEvent, parkingEvents } from '../../../../domain/parking/events.ts';
import type { RecordedEvent } from '../../../../event-store/codec/recorded-event.ts';
import { silent } from '../../../../event-store/logger.ts';
import { createInMemoryEventStore } from '../../../../event-store/testing/in-memory-event-store.ts';
import { createProcessManager, type ProcessManager } from '../../create-process-manager.ts';
import type { Definition, WorkflowTypes } from '../../definition.ts';
import { createCrashGuard } from '../../parking/crash-guard.ts';
import { createReplayRequestHandler } from '../../parking/handle-replay-requests.ts';
import { createParking } from '../../parking/parking.ts';
import { gift, giftStream, type Printer } from './definition.ts';
import { voucherEvents } from './voucher.ts';
import { GiftOrdered, giftEvents } from './workflow.ts';

/** The catalogue of a program that knows gifts and no orders. */
const catalogue = {
  definitions: [GiftOrdered, ...giftEvents, ...voucherEvents, ...parkingEvents, ...attemptEvents],
  upcasters: [],
  prefixes: ['giftorder-', 'gift-', 'voucher-', parkingList.stream, 'attempts-'],
  dataVersion: 1,
};

const giftOrders: Decider<null, GiftOrdered, GiftOrdered> = {
  initialState: null,
  decide: (ordered) => [ordered],
  evolve: (state) => state,
};

const succeeding: Printer = async ({ code }) => ({ sheet: `sheet with ${code}` });

/** A gift shop in memory: streams, a printer, a clock, and processes to which a test delivers events. */
export function giftShop(printer: Printer = succeeding) {
  const store = createInMemoryEventStore({ catalogue });
  const ownHandler = () => createCommandHandler({ store: store.connectAgain() });
  const direct = ownHandler();
  const parking = createParking(direct, clock);
  let time = Date.parse('2026-01-05T10:00:00.000Z');
  function clock(): Date {
    return new Date(time);
  }

  const send = <State, Command, Event extends DomainEvent>(
    stream: string,
    decider: Decider<State, Command, Event>,
    command: Command,
  ) => {
    const commandId = crypto.randomUUID();
    const actor = { sub: 'olga', role: 'operator' } as const;
    const context = { commandId, correlationId: commandId, causationId: commandId, actor };
    return direct.handle({ stream, decider, command, context });
  };
  const eventsOf = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const found: RecordedEvent[] = [];
    for await (const recorded of store.read(stream)) found.push(recorded);
    return found;
  };
  const typesOf = async (stream: string) => (await eventsOf(stream)).map(({ event }) => event.type);

  return {
    store,
    direct,
    clock,
    send,
    eventsOf,
    typesOf,
    ownHandler,
    parked: () => parking.list(),

    order: (giftId: string) =>
      send(`giftorder-${giftId}`, giftOrders, { type: 'GiftOrdered', data: { giftId } }),

    /** Starts a process that runs a workflow, the gift workflow unless another is given. */
    startProcess(handler: CommandHandler = ownHandler()): ProcessManager {
      return this.startOther(gift(printer), handler);
    },
    startOther: <Types extends WorkflowTypes>(
      definition: Definition<Types>,
      handler: CommandHandler = ownHandler(),
    ): ProcessManager =>
      createProcessManager(definition, {
        handler,
        parking: createParking(handler, clock),
        guard: createCrashGuard(handler, clock),
        limit: pLimit(10),
        maxRunningCalls: 4,
        maxWaitingCalls: 10,
        clock,
        logger: silent,
      }),

    /** Returns the events that the subscription of the gift workflow delivers, in order of the log. */
    async subscribed(): Promise<readonly RecordedEvent[]> {
      const found: RecordedEvent[] = [];
      for await (const recorded of store.readAll({ prefixes: ['giftorder-', 'voucher-'] }))
        found.push(recorded);
      return found;
    },

    /** Advances the clock until the current timeout of a gift is due; returns its id, if it has one. */
    async untilDue(giftId: string): Promise<string | undefined> {
      const last = (await eventsOf(giftStream(giftId))).at(-1)?.event;
      if (last?.type !== 'TimeoutScheduled') return undefined;
      const { timeoutId, dueAt } = last.data as { readonly timeoutId: string; readonly dueAt: string };
      time = Math.max(time, Date.parse(dueAt));
      return timeoutId;
    },

    /** An operator requests the replay of the only parked item, and the process handles the request. */
    async replayOnlyItem(process: ProcessManager): Promise<void> {
      const [item] = await parking.list();
      if (item === undefined) throw new RangeError('no item is parked');
      const at = clock().toISOString();
      const { itemId } = item;
      await send<unknown, unknown, ParkingEvent>(parkingList.stream, parkingList.decider as never, {
        type: 'RequestReplay',
        itemId,
        requestedBy: 'olga',
        at,
      });
      const requested = (await eventsOf(parkingList.stream)).at(-1);
      if (requested === undefined) throw new RangeError('no replay was requested');
      await createReplayRequestHandler({ parking, store, managers: [process] })(requested);
    },
  };
}

export type GiftShop = ReturnType<typeof giftShop>;

/** Delivers all events to a process until none is new. Throws what the process throws. */
export async function deliverAll(
  shop: GiftShop,
  process: ProcessManager,
  delivered = new Set<string>(),
): Promise<void> {
  for (;;) {
    const news = (await shop.subscribed()).filter(({ id }) => !delivered.has(id));
    if (news.length === 0) return;
    for (const recorded of news) {
      await process.handle(recorded);
      delivered.add(recorded.id);
    }
    await process.calls.idle();
  }
}
