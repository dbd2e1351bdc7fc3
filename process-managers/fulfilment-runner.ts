import { randomUUID } from 'node:crypto';
import type { LimitFunction } from 'p-limit';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { FulfilmentDecider } from '../domain/fulfilment/decider.ts';
import type {
  FulfilmentInput,
  NoteOrderPlaced,
  NoteStepsAnswered,
  StockAnswer,
} from '../domain/fulfilment/inputs.ts';
import { pending } from '../domain/fulfilment/pending.ts';
import { type FulfilmentState, isStockWanted, waitsGotPast } from '../domain/fulfilment/state.ts';
import type { Deadline, Exception, Pending, Step } from '../domain/fulfilment/steps.ts';
import type { OrderId } from '../domain/kernel/ids.ts';
import { fulfilmentStream } from '../event-catalogue/streams.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import { type Cause, causeOf, FULFILMENT, inStoryOf } from './causes.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { OutsideCalls } from './outside-calls.ts';
import { isKnownDone, type OrderInHand, performStep, type StepsOptions } from './steps.ts';
import { translate } from './translate.ts';

export interface FulfilmentRunnerOptions {
  readonly handler: CommandHandler;
  readonly decider: FulfilmentDecider;
  readonly calls: OutsideCalls;
  /** Parks an exception, unless it is parked or was discarded. */
  readonly parkException: (orderId: OrderId, exception: Exception) => Promise<void>;
  /** Takes a parked wait off the list once the order has moved on. */
  readonly unparkWait: (orderId: OrderId, waitingFor: Deadline['waitingFor']) => Promise<void>;
  /** Called with each wait that this process has recorded. */
  readonly waitBegan?: (deadlineId: string) => void;
  /** Shared by all orders of the process: how many steps run at once. */
  readonly stepLimit: LimitFunction;
  readonly clock: () => Date;
}

export interface FulfilmentRunner {
  /** Resolves when all that follows from the event was answered or is covered by a recorded deadline. */
  handle(recorded: RecordedEvent): Promise<void>;
  /**
   * A capture was recorded, and nothing of its payment before it but the request: the order is confirmed and its shipment
   * requested at once, as far as the state at hand tells. Nobody can have learned of another outcome, and reject it; of a
   * cancellation the shipment knows, and the order. The delivery of the capture makes up for what fails.
   */
  paid(order: OrderInHand, cause: Cause): Promise<void>;
  /**
   * A deadline came due; one that is no longer current changes nothing and asks nobody. `again`: it was fired before, and
   * what followed failed; what is pending is sent, whether it is still current or not.
   */
  fire(orderId: OrderId, deadlineId: string, again?: boolean): Promise<void>;
  /** Resumes a parked refund: it is owed again. Changes nothing when none is parked. */
  resumeRefund(orderId: OrderId): Promise<void>;
  /** Resumes a parked wait and sends what is pending. Changes nothing when none is parked. */
  resumeWait(orderId: OrderId): Promise<void>;
}

/** More rounds of steps than any story has: beyond it the process manager goes in circles. */
const MOST_ROUNDS = 50;

/** Notes what was learned, then does what is pending, until nothing is left but to wait for others. */
export function fulfilmentRunner(options: FulfilmentRunnerOptions): FulfilmentRunner {
  const { handler, decider, calls, unparkWait, parkException, stepLimit, clock } = options;
  const perOrder = oneAtATime();
  const now = (): string => clock().toISOString();

  const noting = async (input: FulfilmentInput, what: string, cause: Cause, presumeNew = false) => {
    const { orderId } = input;
    const { state, events } = await handler.handle({
      stream: fulfilmentStream(orderId),
      decider,
      command: input,
      // An id of its own each time: one that stands in the stream already would make an append on an outdated state
      // succeed without writing, and what follows from that state would be sent again.
      context: inStoryOf(orderId, `${what}:${randomUUID()}`, cause, FULFILMENT),
      presumeNew,
    });
    if (events.length > 0) {
      if (state.deadline !== undefined) options.waitBegan?.(state.deadline.deadlineId);
      for (const wait of waitsGotPast(state)) await unparkWait(orderId, wait);
    }
    return { next: pending(state), isNews: events.length > 0 };
  };
  const note = async (...what: Parameters<typeof noting>): Promise<Pending> => (await noting(...what)).next;

  /** What will follow from noting something, where the state is still this one. */
  const foreseen = (input: FulfilmentInput, state: FulfilmentState): Pending =>
    pending(decider.decide(input, state).reduce(decider.evolve, state));

  const reading: StepsOptions = {
    handler,
    isStockWanted: async (orderId, cause) =>
      isStockWanted(
        (
          await handler.handle({
            stream: fulfilmentStream(orderId),
            decider,
            command: { type: 'LookAtFulfilment', orderId, now: now() },
            context: inStoryOf(orderId, 'look', cause, FULFILMENT),
          })
        ).state,
      ),
  };

  const sideBySide = async (steps: readonly Step[], order: OrderInHand, cause: Cause) => {
    const answers = await allOf(
      steps.map((step) => stepLimit(() => performStep(reading, order, step, cause))),
    );
    return answers.filter((given) => given !== undefined);
  };

  const answer = async ({ stages }: Pending, order: OrderInHand, cause: Cause): Promise<StockAnswer[]> => {
    const stock: StockAnswer[] = [];
    for (const stage of stages) stock.push(...(await sideBySide(stage, order, cause)));
    return stock;
  };

  const answered = (
    { stepsId }: Pending,
    { orderId }: OrderInHand,
    stock: readonly StockAnswer[],
  ): NoteStepsAnswered => ({ type: 'NoteStepsAnswered', orderId, now: now(), stepsId, stock });

  /**
   * The first steps of an order are known before it is recorded, so they run first; order and answers are then recorded in
   * one append. If the order is cancelled meanwhile, the reservation is rejected or released. After a crash the order is
   * delivered again.
   */
  const begin = async (input: NoteOrderPlaced, what: string, cause: Cause): Promise<Pending> => {
    const first = foreseen(input, decider.initialState);
    let stock: readonly StockAnswer[];
    try {
      stock = await answer(first, input, cause);
    } catch (error) {
      const next = await note(input, what, cause);
      // What an order would have begun with matters no more where it was cancelled, or is past it: what follows from there does.
      if (next.stepsId !== first.stepsId) return next;
      throw error;
    }
    const [, next] = await Promise.all([
      note(input, what, cause, true),
      note(answered(first, input, stock), `answered:${first.stepsId}`, cause, true),
    ]);
    return next;
  };

  /** Does before the calls what is not known to be done. */
  const prepare = async ({ beforeCalls }: Pending, order: OrderInHand, cause: Cause): Promise<void> => {
    const left = beforeCalls.filter((step) => !isKnownDone(handler, order, step));
    await sideBySide(left, order, cause);
  };

  /** Answers what is pending then. */
  const pursue = async (state: Pending, cause: Cause): Promise<Pending> => {
    let next = state;
    for (let round = 0; next.order !== undefined && next.stages.length > 0; round += 1) {
      const { order, stepsId } = next;
      if (round === MOST_ROUNDS) throw new RangeError(`the steps of order ${order.orderId} never end`);
      const stock = await answer(next, order, cause);
      next = await note(answered(next, order, stock), `answered:${stepsId}`, cause);
      if (next.isSetAside && next.stepsId === stepsId) break;
    }
    if (next.order === undefined) return next;
    await prepare(next, next.order, cause);
    calls.want(next.order, next.calls, cause, next.deadline?.attempt ?? 1);
    return next;
  };

  return {
    async handle(recorded) {
      const input = translate(recorded.event, now(), recorded.position);
      if (input === undefined) return;
      const [what, cause] = [`note:${recorded.id}`, causeOf(recorded)];
      const { orderId } = input;
      await perOrder(orderId, async () => {
        const state = await (input.type === 'NoteOrderPlaced'
          ? begin(input, what, cause)
          : note(input, what, cause));
        // Other external calls are covered by the current deadline.
        if (input.type !== 'NoteShipmentRecalled' || !isWaitingForOthers(state)) await pursue(state, cause);
        for (const exception of state.exceptions) await parkException(orderId, exception);
      });
    },
    async paid(order, cause) {
      const { orderId } = order;
      const known = handler.cachedState({ stream: fulfilmentStream(orderId), decider });
      if (known === undefined) return;
      await prepare(foreseen({ type: 'NotePaymentCaptured', orderId, now: now() }, known), order, cause);
    },
    fire: (orderId, deadlineId, again = false) =>
      perOrder(orderId, async () => {
        const cause = { id: deadlineId };
        const input = { type: 'FireDeadline', orderId, now: now(), deadlineId } as const;
        const { next, isNews } = await noting(input, `fire:${deadlineId}`, cause);
        if (isNews || again) await pursue(next, cause);
      }),
    resumeWait: (orderId) =>
      perOrder(orderId, async () => {
        const cause = { id: orderId };
        const resume = (stepsId: string) =>
          note({ type: 'ResumeWait', orderId, now: now(), stepsId }, 'resume-wait', cause);
        // Steps that were added meanwhile have no recorded answer, so they are sent first.
        const { isSetAside, stepsId } = await pursue(await resume(''), cause);
        if (isSetAside) await pursue(await resume(stepsId), cause);
      }),
    resumeRefund: (orderId) =>
      perOrder(orderId, async () => {
        const cause = { id: orderId };
        await pursue(
          await note({ type: 'ResumeRefund', orderId, now: now() }, 'resume-refund', cause),
          cause,
        );
      }),
  };
}

const isWaitingForOthers = ({ stages, deadline }: Pending): boolean =>
  stages.length === 0 && deadline !== undefined && deadline.waitingFor !== 'recall';

/** Waits for all, also when one fails, so that nothing of a delivery still runs when its verdict is given. */
async function allOf<Result>(promises: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
