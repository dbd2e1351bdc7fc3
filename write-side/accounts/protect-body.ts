import { createHmac } from 'node:crypto';
import { type CommandHttpRequest, withBody } from '../http/run-command.ts';
import type { AccountParts } from './account-parts.ts';

/**
 * Replaces the body of a request by its keyed hash. The fingerprint of an idempotency key is kept for ever; without the key of
 * the person, it tells nothing about name, address or password.
 */
export async function protectBody(
  { keys }: Pick<AccountParts, 'keys'>,
  userId: string,
  request: CommandHttpRequest,
): Promise<CommandHttpRequest> {
  const key = await keys.personKey(userId);
  const hash = createHmac('sha256', key)
    .update(`body:${JSON.stringify(request.body)}`)
    .digest('hex');
  return withBody(request, { hash });
}
