import { createHmac } from 'node:crypto';
import type { CommandHttpRequest } from '../http/run-command.ts';
import type { AccountParts } from './account-parts.ts';

/**
 * Replaces the body of a request by its keyed hash. The fingerprint of an idempotency key is kept for ever; without the key of
 * the person, it tells nothing about name, address or password.
 */
export async function protectBody<Request extends CommandHttpRequest>(
  { keys }: Pick<AccountParts, 'keys'>,
  userId: string,
  { caller, requestId, traceparent, method, path, headers, body }: Request,
): Promise<CommandHttpRequest> {
  const hash = createHmac('sha256', await keys.personKey(userId)).update(`body:${JSON.stringify(body)}`);
  return { caller, requestId, traceparent, method, path, headers, body: { hash: hash.digest('hex') } };
}
