import {
  createResilientCalls,
  defaultResilience,
  type Resilience,
  type ResilienceCounts,
} from '../resilience/resilient-calls.ts';
import type { Mailer } from './mailer.ts';

/**
 * The timeout is longer than those of an SMTP connection, which know better what has happened. All attempts together end
 * before the caller's first timeout (`domain/account-mails/waits.ts`), which would send the mail again.
 */
export const mailResilience: Resilience = {
  ...defaultResilience,
  timeoutMs: 20_000,
  retries: 1,
  firstDelayMs: 1_000,
  circuit: { ...defaultResilience.circuit, maxWaitMs: 5_000 },
};

/**
 * Wraps a mailer with a timeout, a circuit breaker, and a retry of what was certainly not sent. `send` never throws.
 */
export function resilientMailer(
  mailer: Mailer,
  resilience: Resilience = mailResilience,
): Mailer & { readonly counts: ResilienceCounts } {
  const { call, counts } = createResilientCalls('the mail server', resilience);
  return {
    counts,
    send: (mail, signal) =>
      call('send', { customer: mail.to.address }, (inner) => mailer.send(mail, inner), signal),
    discard: (mailId) => mailer.discard(mailId),
  };
}
