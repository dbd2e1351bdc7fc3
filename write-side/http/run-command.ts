import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import type { CommandContext, CommandResult, Revisions } from '../../command-handling/command-handler.ts';
import { isRejection } from '../../command-handling/errors.ts';
import { type Created, createdBy, createOnce } from '../../command-handling/idempotency/create-once.ts';
import {
  fingerprintOf,
  idsFromKey,
  type ScopedKey,
} from '../../command-handling/idempotency/idempotency-key.ts';
import type { KeyedCommands } from '../../command-handling/idempotency/keyed-commands.ts';
import type { Json } from '../../command-handling/idempotency/request-record.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { InvalidBody } from '../../platform/http/response/errors.ts';
import type { RouteRequest, RouteResponse } from '../../platform/http/route.ts';
import { type CommandHeaders, ifMatchOf, type Part } from './command-headers.ts';
import { type CommandResponse, toRouteResponse } from './command-response.ts';

export type CommandHttpRequest = Pick<
  RouteRequest<undefined, undefined, undefined>,
  'caller' | 'requestId' | 'traceparent' | 'method' | 'path'
> & { readonly headers: CommandHeaders; readonly body: unknown };

/** Returns the request with another body. Not by a spread, which loses the accessors of a request. */
export const withBody = (
  { caller, requestId, traceparent, method, path, headers }: CommandHttpRequest,
  body: unknown,
): CommandHttpRequest => ({ caller, requestId, traceparent, method, path, headers, body });

/** What a request adds to its command, to be spread into a `CommandRequest`. */
export interface SendOptions {
  readonly context: CommandContext;
  readonly ifMatch?: Revisions | undefined;
  readonly lookFrom?: bigint;
  readonly presumeNew?: boolean;
}

export interface Target {
  readonly stream: string;
  /** The part of the resource whose revision `If-Match` names. */
  readonly part: Part;
  /** The id of the order or of the product. */
  readonly correlationId: string;
}

export interface Creation<Event extends DomainEvent> {
  readonly streamOf: (id: string) => string;
  readonly part: Part;
  /** Returns the response from the event that created the stream. */
  readonly respond: (created: Created<Event>) => CommandResponse;
}

/** Runs a command on an existing resource. With an idempotency key, runs it once. */
export type RunCommand = (
  request: CommandHttpRequest,
  target: Target,
  run: (options: SendOptions) => Promise<CommandResponse>,
) => Promise<RouteResponse>;

export const createRunCommand =
  (keyed: KeyedCommands): RunCommand =>
  async (request, { stream: target, part, correlationId }, run) => {
    const ifMatch = ifMatchOf(request.headers, part);
    const key = scopedKeyOf(request);
    if (key === undefined) {
      const context = contextOf(request, randomUUID(), correlationId);
      return toRouteResponse(await run({ context, ifMatch }));
    }
    const fingerprint = fingerprintOf(request.body);
    const response = await keyed.once<Json>({ ...key, fingerprint, target }, async (intent) => {
      const context = contextOf(request, intent.commandId, correlationId, fingerprint);
      // A CommandResponse is plain JSON, but read-only, which the type Json is not.
      return (await run({ context, lookFrom: intent.lookFrom, ifMatch })) as unknown as Json;
    });
    return toRouteResponse(response as unknown as CommandResponse);
  };

/**
 * Runs a command that creates a stream with a new id. With an idempotency key, runs it once: the key determines the id, so
 * that the new stream itself is the record of the request (ADR 0012).
 */
export type RunCreation = <State, Event extends DomainEvent>(
  request: CommandHttpRequest,
  creation: Creation<Event>,
  run: (id: string, options: SendOptions) => Promise<CommandResult<State, Event>>,
) => Promise<RouteResponse>;

export const createRunCreation =
  (store: Pick<EventStore, 'read'>): RunCreation =>
  async (request, { streamOf, part, respond }, run) => {
    const ifMatch = ifMatchOf(request.headers, part);
    const key = scopedKeyOf(request);
    if (key === undefined) {
      // Ids of version 7 grow with time, so the index entries of new streams lie in few pages.
      const id = v7();
      const context = contextOf(request, randomUUID(), id);
      const result = await run(id, { context, presumeNew: true, ifMatch });
      return toRouteResponse(respond(createdBy(result)));
    }
    const { id, commandId } = idsFromKey(key);
    const fingerprint = fingerprintOf(request.body);
    const context = contextOf(request, commandId, id, fingerprint);
    const created = await createOnce(
      store,
      {
        stream: streamOf(id),
        fingerprint,
        isRejection: (error) => isRejection(error) || error instanceof InvalidBody,
      },
      () => run(id, { context, lookFrom: 0n, presumeNew: true, ifMatch }),
    );
    return toRouteResponse(respond(created));
  };

/** Paths that differ in their percent-encoding only are the same path. */
function scopedKeyOf({ headers, caller, method, path }: CommandHttpRequest): ScopedKey | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  return { scope: { sub: caller.sub, method, path: decodeURIComponent(path) }, key };
}

/** The command of a request is its own cause. */
const contextOf = (
  { caller, requestId, traceparent }: CommandHttpRequest,
  commandId: string,
  correlationId: string,
  fingerprint?: string,
): CommandContext => ({
  commandId,
  correlationId,
  causationId: commandId,
  actor: { sub: caller.sub, role: caller.role },
  requestId,
  traceparent,
  ...(fingerprint !== undefined && { fingerprint }),
});

/** Returns the context of a further command of the same request. Its name must be unique within the request. */
export const followUpContext = (
  { fingerprint: _, commandId, ...context }: CommandContext,
  name: string,
): CommandContext => ({ ...context, commandId: `${commandId}:${name}`, causationId: commandId });
