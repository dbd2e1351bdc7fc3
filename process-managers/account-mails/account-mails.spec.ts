import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_SENDING_ATTEMPTS } from '../../domain/account-mails/waits.ts';
import { mailsStream, userStream } from '../../event-catalogue/streams.ts';
import { outboxMailer } from '../../integrations/mail/outbox-mailer.ts';
import { isSecretOf, parseOneTimeToken } from '../../platform/one-time-tokens.ts';
import { Crash, crashingAt } from '../engine/testing/crashing-handler.ts';
import { ANN, createMailing, recordingMailer } from './testing/mailing.ts';

const stopping: (() => unknown)[] = [];
afterEach(() => {
  for (const stop of stopping.splice(0)) stop();
});

const tokenIn = (text = ''): string => /#token=(\S+)/.exec(text)?.[1] ?? '';

async function running() {
  const mailer = recordingMailer();
  const mailing = await createMailing(mailer);
  return { ...mailing, mailer, process: mailing.startProcess() };
}

describe('the mail to the holder of an account', () => {
  it('has the link that confirms the address, with a token that the command API accepts', async () => {
    const { signUp, deliverAll, process, mailer, keyStore } = await running();
    await signUp();
    await deliverAll(process);
    const [mail] = mailer.sent;
    expect(mail?.to).toEqual({ address: 'ann@example.com' });
    expect(mail?.text).toContain('https://shop.example/confirm#token=');
    const token = parseOneTimeToken(tokenIn(mail?.text));
    const subject = { purpose: 'confirm-email', userId: ANN, requestId: 's-1' } as const;
    expect(token?.userId).toBe(ANN);
    expect(isSecretOf(await keyStore.secret('tokenKey'), subject, token?.secret ?? Buffer.alloc(32))).toBe(
      true,
    );
  });

  it('has the link that sets a new password, and says until when it works', async () => {
    const { signUp, requestReset, deliverAll, process, mailer } = await running();
    await signUp('s-1', 'none');
    await requestReset();
    await deliverAll(process);
    expect(mailer.sent).toHaveLength(1);
    expect(mailer.sent[0]?.text).toContain('https://shop.example/set-password#token=');
    expect(mailer.sent[0]?.text).toContain('until 2026-01-05 10:10 UTC');
  });

  it('tells of a changed password', async () => {
    const { signUp, requestReset, resetPassword, deliverAll, process, mailer } = await running();
    await signUp('s-1', 'none');
    await requestReset();
    await deliverAll(process);
    await resetPassword();
    await deliverAll(process);
    expect(mailer.sent.map(({ subject }) => subject)).toEqual([
      'Set a new password',
      'Your password was changed',
    ]);
  });

  it('tells the owner of an address about a sign-up with it', async () => {
    const { signUp, command, clock, deliverAll, process, mailer } = await running();
    await signUp();
    await command({ type: 'ConfirmEmail', signUpId: 's-1', at: clock().toISOString() });
    await signUp('s-2');
    await deliverAll(process);
    expect(mailer.sent.map(({ subject }) => subject)).toEqual(['You already have an account']);
    expect(mailer.sent[0]?.text).not.toContain('#token=');
  });

  it('holds no name, which a stranger may have typed', async () => {
    const { signUp, deliverAll, process, mailer } = await running();
    await signUp();
    await deliverAll(process);
    expect(JSON.stringify(mailer.sent)).not.toMatch(/\bAnn\b/);
  });

  it('leaves no address and no token in the events', async () => {
    const { signUp, deliverAll, process, mailer, eventsOf } = await running();
    await signUp();
    await deliverAll(process);
    const events = [...(await eventsOf(userStream(ANN))), ...(await eventsOf(mailsStream(ANN)))];
    const text = JSON.stringify(events.map(({ event, metadata }) => ({ event, metadata })));
    expect(text).not.toContain('ann@example.com');
    expect(text).not.toContain(tokenIn(mailer.sent[0]?.text).split('.')[1]);
  });
});

describe('a mail', () => {
  it('is sent once when all events are delivered again to another process', async () => {
    const { signUp, deliverAll, process, startProcess, mailer, typesOf } = await running();
    await signUp();
    await deliverAll(process);
    const before = await typesOf();
    await deliverAll(startProcess());
    expect(await typesOf()).toEqual(before);
    expect(mailer.sent).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)(
    'is sent with the same id and link when its process crashes %s any one of its commands',
    async (when) => {
      for (let n = 1; n <= 3; n += 1) {
        const mailing = await running();
        await mailing.signUp();
        const delivered = new Set<string>();
        const handler = crashingAt(n, when, mailing.ownHandler());
        const crashing = mailing.startProcess(handler);
        await mailing
          .deliverAll(crashing, delivered)
          .catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
        await crashing.calls.idle();
        expect(handler.hasCrashed).toBe(true);
        await mailing.deliverAll(mailing.process, delivered);
        if (!(await mailing.typesOf()).includes('AccountMailSent')) await mailing.elapse(mailing.process);
        await mailing.deliverAll(mailing.process, delivered);
        expect((await mailing.typesOf()).filter((type) => type === 'AccountMailSent')).toHaveLength(1);
        expect(new Set(mailing.mailer.sent.map((mail) => JSON.stringify(mail))).size).toBe(1);
      }
    },
  );

  it('is sent again after a timeout while the mail server is unavailable, or has not responded', async () => {
    const { signUp, deliverAll, elapse, process, mailer, typesOf } = await running();
    mailer.results.push({ outcome: 'unavailable', reason: 'refused' }, { outcome: 'unknown', reason: 'cut' });
    await signUp();
    await deliverAll(process);
    await elapse(process);
    expect(await typesOf()).not.toContain('AccountMailSent');
    await elapse(process);
    expect(await typesOf()).toContain('AccountMailSent');
    const ids = mailer.sent.map(({ mailId }) => mailId);
    expect(ids).toEqual(['confirm-email-s-1', 'confirm-email-s-1']);
  });

  it('is parked after its last attempt', async () => {
    const { signUp, deliverAll, elapse, process, mailer, parked } = await running();
    const down = { outcome: 'unavailable', reason: 'the mail server is unavailable (ECONNREFUSED)' } as const;
    mailer.results.push(...Array<typeof down>(MAX_SENDING_ATTEMPTS).fill(down));
    await signUp();
    await deliverAll(process);
    for (let attempt = 2; attempt <= MAX_SENDING_ATTEMPTS; attempt += 1) {
      expect(await parked()).toEqual([]);
      await elapse(process);
    }
    expect(await parked()).toMatchObject([
      {
        reason: 'call-refused',
        detail: 'SendMail is refused: the mail server is unavailable (ECONNREFUSED)',
        subject: { group: 'account-mails', kind: 'deadline', stream: mailsStream(ANN), type: 'sending' },
      },
    ]);
    expect(mailer.sent).toEqual([]);
  });

  it('is given up, and not parked, when the mail server rejects it for ever', async () => {
    const { signUp, deliverAll, process, mailer, parked, typesOf } = await running();
    mailer.results.push({ outcome: 'rejected', reason: 'the mail server responded 550 to RCPT TO' });
    await signUp();
    await deliverAll(process);
    expect(await typesOf()).toEqual([
      'AccountMailRequested',
      'AccountMailTimeoutScheduled',
      'AccountMailEnded',
      'AccountMailTimeoutScheduled',
      'AccountMailDiscarded',
    ]);
    expect(await parked()).toEqual([]);
  });

  it('is not sent to a person who was forgotten, or whose account was disabled, before its event arrives', async () => {
    const gone = await running();
    await gone.signUp();
    await gone.forget();
    await gone.deliverAll(gone.process);
    expect(gone.mailer.sent).toEqual([]);

    const disabled = await running();
    await disabled.signUp();
    await disabled.command({ type: 'DisableUser', by: 'olga' });
    await disabled.deliverAll(disabled.process);
    expect(disabled.mailer.sent).toEqual([]);
  });

  it('is not sent when its link was used or has expired meanwhile', async () => {
    const { signUp, requestReset, command, clock, pass, deliverAll, process, mailer } = await running();
    await signUp();
    await command({ type: 'ConfirmEmail', signUpId: 's-1', at: clock().toISOString() });
    await requestReset();
    pass(600_000);
    await deliverAll(process);
    expect(mailer.sent).toEqual([]);
  });
});

describe('the file of a mail in the outbox', () => {
  async function outbox() {
    const folder = mkdtempSync(join(tmpdir(), 'orderstream-mails-'));
    stopping.push(() => rmSync(folder, { recursive: true }));
    const from = { address: 'shop@example.com' };
    const mailing = await createMailing(outboxMailer({ folder, from, clock: () => new Date() }));
    /** Without the marks of discarded mails. */
    const files = () => readdirSync(folder).filter((name) => !name.startsWith('.'));
    return { ...mailing, process: mailing.startProcess(), files, folder };
  }

  it('is deleted when its link was used', async () => {
    const { signUp, requestReset, resetPassword, deliverAll, process, files, folder } = await outbox();
    await signUp('s-1', 'none');
    await requestReset();
    await deliverAll(process);
    expect(files()).toEqual(['reset-password-r-1.txt']);
    expect(readFileSync(join(folder, 'reset-password-r-1.txt'), 'utf8')).toContain('To: ann@example.com');
    await resetPassword();
    await deliverAll(process);
    expect(files()).toEqual([`password-changed-${ANN}-20260105100000000.txt`]);
  });

  it('is deleted when its link has expired', async () => {
    const { signUp, deliverAll, elapse, process, files } = await outbox();
    await signUp();
    await deliverAll(process);
    expect(files()).toEqual(['confirm-email-s-1.txt']);
    await elapse(process);
    await deliverAll(process);
    expect(files()).toEqual([]);
  });

  it('is deleted when the person is forgotten', async () => {
    const { signUp, deliverAll, forget, process, files } = await outbox();
    await signUp();
    await deliverAll(process);
    await forget();
    await deliverAll(process);
    expect(files()).toEqual([]);
  });
});
