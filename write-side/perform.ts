import { randomUUID } from 'node:crypto';
import type { CommandContext, Revisions } from '../command-handling/command-handler.ts';
import { fingerprintOf, type ScopedKey } from '../command-handling/idempotency-key.ts';
import type { KeyedCommands } from '../command-handling/keyed-commands.ts';
import type { Json } from '../command-handling/request-story.ts';
import type { RouteRequest, RouteResponse } from '../platform/http/route.ts';
import { type CommandHeaders, ifMatchOf, type Part } from './inputs.ts';
import { type CommandAnswer, responseOf } from './responses.ts';

type Request = Pick<
  RouteRequest<undefined, undefined, undefined>,
  'caller' | 'requestId' | 'traceparent' | 'method' | 'path'
> & { readonly headers: CommandHeaders; readonly body: unknown };

/** What the command to the target is sent with, beside itself. */
export interface Sending {
  readonly context: CommandContext;
  readonly ifMatch?: Revisions;
  readonly lookFrom?: bigint;
}

/** Where a command goes, and whose story it belongs to: an order's id, or a product's. */
export interface Target {
  readonly stream: string;
  /** Stream whose revision `If-Match` is compared with. */
  readonly part: Part;
  readonly correlationId: string;
}

/** Carries a command out: once for ever when it has an idempotency key, else as it comes. */
export type Perform = (
  request: Request,
  target: Target,
  run: (sending: Sending) => Promise<CommandAnswer>,
) => Promise<RouteResponse>;

export const performing =
  (keyed: KeyedCommands): Perform =>
  async (request, { stream: target, part, correlationId }, run) => {
    const ifMatch = ifMatchOf(request.headers, part);
    const matching = ifMatch === undefined ? {} : { ifMatch };
    const scoped = scopedKeyOf(request);
    if (scoped === undefined)
      return responseOf(await run({ context: contextOf(request, randomUUID(), correlationId), ...matching }));

    const fingerprint = fingerprintOf(request.body);
    const answer = await keyed.once<Json>({ ...scoped, fingerprint, target }, async (intent) => {
      const context = contextOf(request, intent.commandId, correlationId, fingerprint);
      // An answer is plain JSON, which its type, read-only throughout, does not tell.
      return (await run({ context, lookFrom: intent.lookFrom, ...matching })) as unknown as Json;
    });
    return responseOf(answer as unknown as CommandAnswer);
  };

/** The key of a request, if it has one. Paths that differ in how they are encoded are the same path. */
export function scopedKeyOf({ headers, caller, method, path }: Request): ScopedKey | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  return { scope: { sub: caller.sub, method, path: decodeURIComponent(path) }, key };
}

/** The context of a command that comes from a request; what it leads to is caused by the command itself. */
export const contextOf = (
  { caller, requestId, traceparent }: Request,
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

/** The context of a further command of the same request. `what` tells it from the first. */
export const following = (
  { commandId, correlationId, actor, requestId, traceparent }: CommandContext,
  what: string,
): CommandContext => ({
  commandId: `${commandId}:${what}`,
  correlationId,
  causationId: commandId,
  actor,
  ...(requestId !== undefined && { requestId }),
  ...(traceparent !== undefined && { traceparent }),
});
