import { randomUUID } from 'node:crypto';
import type { LimitFunction } from 'p-limit';
import { fulfilment } from '../../domain/fulfilment/decider.ts';
import type { FulfilmentInput, StockAnswer } from '../../domain/fulfilment/inputs.ts';
import { pending } from '../../domain/fulfilment/pending.ts';
import type { FulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import type { Pending } from '../../domain/fulfilment/steps.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import type { RecordedEvent } from '../../event-store/recorded-event.ts';
import { fulfilmentStream } from '../../event-store/streams.ts';
import type { CommandHandler } from '../commands/command-handler.ts';
import { type Cause, causeOf, FULFILMENT, inStoryOf } from './causes.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { OutsideCalls } from './outside-calls.ts';
import { type OrderInHand, performStep } from './steps.ts';
import { translate } from './translate.ts';

export interface FulfilmentRunnerOptions {
  readonly handler: CommandHandler;
  readonly policy: FulfilmentPolicy;
  readonly calls: OutsideCalls;
  /** Shared by all orders of the process: how many steps run at once. */
  readonly stepLimit: LimitFunction;
  readonly clock: () => Date;
}

export interface FulfilmentRunner {
  /** Resolves when all that follows from the event was answered or is covered by a recorded deadline. */
  handle(recorded: RecordedEvent): Promise<void>;
  /** A deadline came due; one that is no longer current changes nothing. */
  fire(orderId: OrderId, deadlineId: string): Promise<void>;
  /** A refund that was set aside is owed again; one that was not stays as it is. */
  resumeRefund(orderId: OrderId): Promise<void>;
}

/** More rounds of steps than any story has: beyond it the process manager goes in circles. */
const MOST_ROUNDS = 50;

/** Notes what was learned, then does what is pending, until nothing is left but to wait for others. */
export function fulfilmentRunner(options: FulfilmentRunnerOptions): FulfilmentRunner {
  const { handler, calls, stepLimit, clock } = options;
  const decider = fulfilment(options.policy);
  const perOrder = oneAtATime();
  const now = (): string => clock().toISOString();

  const note = async (input: FulfilmentInput, what: string, cause: Cause) => {
    const { orderId } = input;
    const { state } = await handler.handle({
      stream: fulfilmentStream(orderId),
      decider,
      command: input,
      // An id of its own each time: one that stands in the stream already would make an append on an outdated state
      // succeed without writing, and what follows from that state would be sent again.
      context: inStoryOf(orderId, `${what}:${randomUUID()}`, cause, FULFILMENT),
      presumeNew: input.type === 'NoteOrderPlaced',
    });
    return pending(state);
  };

  const answer = async ({ stages }: Pending, order: OrderInHand, cause: Cause): Promise<StockAnswer[]> => {
    const stock: StockAnswer[] = [];
    for (const stage of stages) {
      const answers = await allOf(
        stage.map((step) => stepLimit(() => performStep(handler, order, step, cause))),
      );
      stock.push(...answers.filter((given) => given !== undefined));
    }
    return stock;
  };

  const pursue = async (input: FulfilmentInput, what: string, cause: Cause): Promise<void> => {
    let next = await note(input, what, cause);
    for (let round = 0; next.order !== undefined && next.stages.length > 0; round += 1) {
      if (round === MOST_ROUNDS) throw new RangeError(`the steps of order ${input.orderId} never end`);
      const { stepsId, order } = next;
      const stock = await answer(next, order, cause);
      const answered = {
        type: 'NoteStepsAnswered',
        orderId: order.orderId,
        now: now(),
        stepsId,
        stock,
      } as const;
      next = await note(answered, `answered:${stepsId}`, cause);
    }
    if (next.order !== undefined) calls.want(next.order, next.calls, cause, next.deadline?.attempt ?? 1);
  };

  return {
    async handle(recorded) {
      const input = translate(recorded.event, now());
      if (input === undefined) return;
      await perOrder(input.orderId, () => pursue(input, `note:${recorded.id}`, causeOf(recorded)));
    },
    fire: (orderId, deadlineId) =>
      perOrder(orderId, () =>
        pursue({ type: 'FireDeadline', orderId, now: now(), deadlineId }, `fire:${deadlineId}`, {
          id: deadlineId,
        }),
      ),
    resumeRefund: (orderId) =>
      perOrder(orderId, () =>
        pursue({ type: 'ResumeRefund', orderId, now: now() }, 'resume-refund', { id: orderId }),
      ),
  };
}

/** Waits for all, also when one fails, so that nothing of a delivery still runs when its verdict is given. */
async function allOf<Result>(promises: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
