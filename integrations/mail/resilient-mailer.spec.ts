import { describe, expect, it, vi } from 'vitest';
import type { Mail, Mailer } from './mailer.ts';
import { mailResilience, resilientMailer } from './resilient-mailer.ts';

const mail: Mail = { mailId: 'm-1', to: { address: 'ann@shop.example' }, subject: 'Hello', text: 'Hello\n' };
const fast = { ...mailResilience, firstDelayMs: 1, maxDelayMs: 1 };
const mailerThat = (send: Mailer['send']): Mailer => ({ send, discard: async () => {} });

describe('a resilient mailer', () => {
  it('sends again when the mail was certainly not sent', async () => {
    const send = vi
      .fn<Mailer['send']>()
      .mockResolvedValueOnce({ outcome: 'unavailable', reason: 'ECONNREFUSED' })
      .mockResolvedValue({ outcome: 'sent' });
    expect(await resilientMailer(mailerThat(send), fast).send(mail)).toEqual({ outcome: 'sent' });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('does not send again at once when the mail was perhaps sent', async () => {
    const send = vi.fn<Mailer['send']>().mockResolvedValue({ outcome: 'unknown', reason: 'cut' });
    expect(await resilientMailer(mailerThat(send), fast).send(mail)).toEqual({
      outcome: 'unknown',
      reason: 'cut',
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('has an unknown outcome when the server does not respond in time', async () => {
    const mailer = resilientMailer(
      mailerThat(() => new Promise(() => {})),
      { ...fast, timeoutMs: 5 },
    );
    expect(await mailer.send(mail)).toEqual({
      outcome: 'unknown',
      reason: 'no response from the mail server within 5 ms',
    });
  });
});
