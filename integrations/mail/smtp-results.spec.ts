import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Mail } from './mailer.ts';
import { type SmtpTimeouts, smtpMailer } from './smtp-mailer.ts';
import { refusal, startMailServer } from './testing/mail-server.ts';

const mail: Mail = { mailId: 'm-1', to: { address: 'ann@shop.example' }, subject: 'Hello', text: 'Hello\n' };
const from = { address: 'shop@orders.example' };
const clock = () => new Date('2026-01-05T10:00:00Z');

const stopping: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

async function running(options?: Parameters<typeof startMailServer>[0]) {
  const server = await startMailServer(options);
  stopping.push(server.stop);
  return server;
}

const mailerTo = (port: number, timeouts?: SmtpTimeouts) =>
  smtpMailer({ server: { host: '127.0.0.1', port, tls: 'off' }, from, clock, ...(timeouts && { timeouts }) });

describe('a mail that the server does not accept', () => {
  it.each([
    [
      'RCPT TO',
      { onRcptTo: (_a, _s, done) => done(refusal(550, '5.1.1 <ann@shop.example> is unknown')) },
      '550',
    ],
    ['DATA', { onData: (_d, _s, done) => done(refusal(554, '5.7.1 spam for ann@shop.example')) }, '554'],
  ] satisfies [string, Parameters<typeof startMailServer>[0], string][])(
    'is rejected after a 5xx to %s, with a reason that does not quote the address',
    async (command, options, code) => {
      const { port } = await running(options);
      const result = await mailerTo(port).send(mail);
      expect(result).toMatchObject({ outcome: 'rejected' });
      expect(result).toHaveProperty(
        'reason',
        expect.stringMatching(`^the mail server responded ${code} 5\\.\\d\\.1 to ${command}$`),
      );
    },
  );

  it.each([
    ['RCPT TO', { onRcptTo: (_a, _s, done) => done(refusal(450, '4.2.0 greylisted')) }],
    ['DATA', { onData: (_d, _s, done) => done(refusal(452, '4.3.1 disk full')) }],
    ['MAIL FROM', { onMailFrom: (_a, _s, done) => done(refusal(421, '4.3.2 closing')) }],
  ] satisfies [string, Parameters<typeof startMailServer>[0]][])(
    'is to be sent again after a 4xx to %s',
    async (command, options) => {
      const { port, received } = await running(options);
      const result = await mailerTo(port).send(mail);
      expect(result).toMatchObject({ outcome: 'unavailable' });
      expect(result).toHaveProperty('reason', expect.stringContaining(`to ${command}`));
      expect(received).toEqual([]);
    },
  );

  it('is to be sent again after a 5xx about the sender, which an operator corrects', async () => {
    const { port } = await running({
      onMailFrom: (_a, _s, done) => done(refusal(550, '5.7.1 relaying denied')),
    });
    expect(await mailerTo(port).send(mail)).toEqual({
      outcome: 'unavailable',
      reason: 'the mail server responded 550 5.7.1 to MAIL FROM',
    });
  });
});

describe('a mail server that fails', () => {
  it('is unavailable when nothing listens at its address', async () => {
    const { port, stop } = await startMailServer();
    await stop();
    expect(await mailerTo(port).send(mail)).toEqual({
      outcome: 'unavailable',
      reason: 'the mail server is unavailable (ECONNREFUSED)',
    });
  });

  it('leaves the outcome unknown when it has the message and the connection ends before its response', async () => {
    const server = await running({ onData: () => server.cut() });
    const result = await mailerTo(server.port).send(mail);
    expect(result).toMatchObject({ outcome: 'unknown' });
    expect(result).toHaveProperty('reason', expect.stringContaining('ended before its response'));
  });

  it('is unavailable when the connection ends before it has the message', async () => {
    const server = await running({ onRcptTo: () => server.cut() });
    expect(await mailerTo(server.port).send(mail)).toMatchObject({ outcome: 'unavailable' });
  });

  it('is unavailable when it does not greet in time', async () => {
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    stopping.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const result = await mailerTo(port, { connectMs: 50, silenceMs: 50 }).send(mail);
    expect(result).toEqual({ outcome: 'unavailable', reason: 'the mail server is unavailable (ETIMEDOUT)' });
  });

  it('leaves the outcome unknown when it has the message and says nothing in time', async () => {
    const { port } = await running({ onData: () => {} });
    const result = await mailerTo(port, { connectMs: 5_000, silenceMs: 800 }).send(mail);
    expect(result).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['unavailable', 'onRcptTo'],
    ['unknown', 'onData'],
  ] as const)('has the outcome %s when the caller aborts during %s', async (outcome, step) => {
    const aborter = new AbortController();
    const { port } = await running({ [step]: () => aborter.abort() });
    expect(await mailerTo(port).send(mail, aborter.signal)).toMatchObject({ outcome });
  });

  it('gets no mail from a caller that has aborted already', async () => {
    const { port, received } = await running();
    expect(await mailerTo(port).send(mail, AbortSignal.abort())).toMatchObject({ outcome: 'unavailable' });
    expect(received).toEqual([]);
  });
});
