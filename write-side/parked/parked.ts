import { z } from 'zod';
import type { ZodOpenApiOverrideMetaContext } from 'zod-openapi/api';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { parkedStepsStream } from '../../event-catalogue/streams.ts';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import type { ParkedCommand } from '../../process-managers/parked/commands.ts';
import { parkedDecider } from '../../process-managers/parked/decider.ts';
import { parking as parkingOf } from '../../process-managers/parked/parked-steps.ts';
import { commandResponse, type Reached, success } from '../http/command-response.ts';
import { commandProblemTexts, commandRoute } from '../http/command-route.ts';
import { followUpContext, type RunCommand, type SendOptions } from '../http/run-command.ts';
import { Reason } from '../http/text-schemas.ts';
import {
  DiscardAnswer,
  ParkedList,
  ParkedStepAnswer,
  parkedStepAnswer,
  ReplayAllAnswer,
  ReplayAnswer,
  StepId,
} from './parked-answers.ts';

export interface ParkedRoutesOptions {
  readonly handler: CommandHandler;
  readonly runCommand: RunCommand;
  readonly clock: () => Date;
}

const DEFAULT_LIMIT = 50;

const Paging = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'a whole number from 1 to 200')
    .transform(Number)
    .pipe(z.int().min(1).max(200))
    .optional()
    .meta({
      description: 'Maximum number of entries of a page; 50 when absent.',
      override: ({ jsonSchema }: ZodOpenApiOverrideMetaContext) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: 200, default: DEFAULT_LIMIT });
      },
    }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is to be the "next" of an earlier answer')
    .optional()
    .meta({
      description: 'The `next` of the previous page, unchanged. Absent: the first page.',
      example: '17',
    }),
});

const StepPath = z.strictObject({
  id: StepId.meta({
    description: 'The id of the step, from the list.',
    example: '5f7c2d0a9b1e4c3d8f6a7b21',
  }),
});
const Discard = z
  .strictObject({ reason: Reason })
  .meta({ id: 'DiscardRequest', example: { reason: 'the order was a test' } });

const ofParked = { tag: 'parked steps', roles: ['operator', 'admin'] } as const;
const commands = { ...ofParked, method: 'post', ...commandRoute } as const;
const gone = { 404: 'there is no such step: it was replayed, discarded, or never there' };

/** Steps whose replays are asked for in one write: well below what one may carry. */
const REPLAYS_AT_ONCE = 1_000;

/** What process managers set aside, for operators to look at, replay or throw away. */
export function parkedRoutes({ handler, runCommand, clock }: ParkedRoutesOptions): readonly Route[] {
  const parking = parkingOf(handler, clock);
  const target = { stream: parkedStepsStream, part: 'parked', correlationId: parkedStepsStream } as const;
  const send = (sending: SendOptions, command: ParkedCommand) =>
    handler.handle({ ...sending, stream: parkedStepsStream, decider: parkedDecider, command });

  const list = defineRoute({
    ...ofParked,
    method: 'get',
    path: '/api/v1/parked',
    summary: 'Steps that were set aside, the newest first',
    query: Paging,
    responses: { 200: { description: 'a page of them', schema: ParkedList } },
    handle: async ({ query: { limit = DEFAULT_LIMIT, cursor } }) => {
      const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
      const rest = (await parking.list()).filter(({ number }) => number < before);
      const page = rest.slice(0, limit);
      const next = rest.length > page.length ? String(page.at(-1)?.number) : null;
      return { status: 200, body: { items: page.map(parkedStepAnswer), next } };
    },
  });

  const one = defineRoute({
    ...ofParked,
    method: 'get',
    path: '/api/v1/parked/:id',
    summary: 'One step that was set aside',
    params: StepPath,
    responses: { 200: { description: 'as it stands', schema: ParkedStepAnswer } },
    problems: gone,
    handle: async ({ params: { id } }) => {
      const step = await parking.find(id);
      if (step === undefined) throw new ResourceNotFound('parked step', id);
      return { status: 200, body: parkedStepAnswer(step) };
    },
  });

  const replay = defineRoute({
    ...commands,
    path: '/api/v1/parked/:id/replay',
    summary: 'Has a step taken again',
    description:
      'It leaves the list once it is done, and comes back with its new reason where it fails again.',
    params: StepPath,
    responses: { 200: success('it will be taken again', ReplayAnswer) },
    problems: {
      ...gone,
      409: 'an exception has happened and cannot be replayed',
      ...commandProblemTexts,
    },
    handle: (request) => {
      const { id } = request.params;
      return runCommand(request, target, async (sending) => {
        const reached = await send(sending, {
          type: 'RequestReplay',
          stepId: id,
          requestedBy: request.caller.sub,
        });
        return commandResponse(200, { id, status: 'replaying' }, reached);
      });
    },
  });

  const replayAll = defineRoute({
    ...commands,
    path: '/api/v1/parked/replay',
    summary: 'Replays all steps that are parked now, except exceptions, which cannot be replayed',
    responses: { 200: success('they will be taken again', ReplayAllAnswer) },
    problems: commandProblemTexts,
    handle: (request) =>
      runCommand(request, target, async (sending) => {
        const parked = (await parking.list()).filter(
          ({ status, subject }) => status === 'parked' && subject.kind !== 'exception',
        );
        const stepIds = parked.map(({ stepId }) => stepId).reverse();
        const requestedBy = request.caller.sub;
        const ask = (from: number, how: SendOptions) => {
          const some = stepIds.slice(from, from + REPLAYS_AT_ONCE);
          return send(how, { type: 'RequestReplays', stepIds: some, requestedBy });
        };
        let reached = await ask(0, sending);
        for (let from = REPLAYS_AT_ONCE; from < stepIds.length; from += REPLAYS_AT_ONCE)
          reached = await ask(from, { context: followUpContext(sending.context, `from-${from}`) });
        return commandResponse(200, { requested: stepIds.length }, existing(reached));
      }),
  });

  const discard = defineRoute({
    ...commands,
    path: '/api/v1/parked/:id/discard',
    summary: 'Throws a step away',
    description: 'It is listed no more; who did so, and why, is recorded.',
    params: StepPath,
    body: Discard,
    responses: { 200: success('thrown away', DiscardAnswer) },
    problems: {
      ...gone,
      409: 'it is being replayed, or money that is still owed',
      ...commandProblemTexts,
    },
    handle: (request) => {
      const { id } = request.params;
      const { reason } = request.body;
      return runCommand(request, target, async (sending) => {
        const reached = await send(sending, {
          type: 'DiscardStep',
          stepId: id,
          reason,
          discardedBy: request.caller.sub,
        });
        return commandResponse(200, { id, status: 'discarded' }, reached);
      });
    },
  });

  return [list, one, replayAll, replay, discard];
}

const nowhere: Position = { commit: 0n, prepare: 0n };

/** Where nothing was ever set aside there is no stream: whatever is asked of it has come to its start. */
const existing = ({ revision = 0n, position = nowhere }: Reached): Reached => ({ revision, position });
