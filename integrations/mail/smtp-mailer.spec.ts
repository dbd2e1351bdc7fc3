import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import type { Mail } from './mailer.ts';
import { smtpMailer } from './smtp-mailer.ts';
import { type MailServer, startMailServer } from './testing/mail-server.ts';

const mail: Mail = {
  mailId: 'reset-1',
  to: { address: 'ann@shop.example', name: 'Ann' },
  subject: 'Your password',
  text: `Open this page:\n\nhttps://shop.example/set-password#token=${'t'.repeat(90)}=\n`,
};
const from = { address: 'shop@orders.example', name: 'The Shop' };
const clock = () => new Date('2026-01-05T10:00:00Z');

const stopping: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0).reverse()) await stop();
});

async function running(options?: Parameters<typeof startMailServer>[0]): Promise<MailServer> {
  const server = await startMailServer(options);
  stopping.push(server.stop);
  return server;
}

const mailerTo = ({ port }: MailServer, more: object = {}) =>
  smtpMailer({ server: { host: '127.0.0.1', port, tls: 'off', ...more }, from, clock });

describe('a mail that is sent by SMTP', () => {
  it('reaches the server with sender, recipient, subject, text and date', async () => {
    const server = await running();
    expect(await mailerTo(server).send(mail)).toEqual({ outcome: 'sent' });
    const [received] = server.received;
    expect(received?.envelope).toEqual({ from: 'shop@orders.example', to: ['ann@shop.example'] });
    const { from: sender, to, subject, text, date } = received?.parsed ?? {};
    expect(sender?.text).toBe('"The Shop" <shop@orders.example>');
    expect(to).toMatchObject({ text: '"Ann" <ann@shop.example>' });
    expect({ subject, text, date }).toEqual({ subject: mail.subject, text: mail.text, date: clock() });
  });

  it('has the same Message-ID at each attempt, and asks for no automatic answers', async () => {
    const server = await running();
    const mailer = mailerTo(server);
    await mailer.send(mail);
    await mailer.send(mail);
    expect(server.received.map(({ parsed }) => parsed.messageId)).toEqual([
      '<reset-1@orders.example>',
      '<reset-1@orders.example>',
    ]);
    expect(server.received[0]?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('has the domain of its recipient in ASCII, and a name in any script', async () => {
    const server = await running();
    await mailerTo(server).send({ ...mail, to: { address: 'ann@bücher.example', name: 'Änne 李' } });
    expect(server.received[0]?.raw).toContain('<ann@xn--bcher-kva.example>');
    // The server of this spec shows its envelope in Unicode.
    expect(server.received[0]?.envelope.to).toEqual(['ann@bücher.example']);
    expect(server.received[0]?.parsed.to).toMatchObject({ value: [{ name: 'Änne 李' }] });
  });

  it.each([
    ['name', { ...mail, to: { ...mail.to, name: 'Ann\r\nBcc: eve@evil.example' } }],
    ['subject', { ...mail, subject: 'Hello\r\nBcc: eve@evil.example\r\n\r\nother text' }],
  ])('keeps a line break in the %s from becoming a header or another recipient', async (_, injected) => {
    const server = await running();
    await mailerTo(server).send(injected);
    const [received] = server.received;
    expect(received?.envelope.to).toEqual(['ann@shop.example']);
    expect(received?.parsed.bcc).toBeUndefined();
    expect(received?.parsed.text).toBe(mail.text);
  });

  it.each([
    'ann@shop.example\r\nBcc: eve@evil.example',
    'ann@shop.example>\r\nRCPT TO:<eve@evil.example',
    'ann@shop.example, eve@evil.example',
    'ann',
  ])('is rejected without a connection when its recipient is %j', async (address) => {
    const server = await running();
    expect(await mailerTo(server).send({ ...mail, to: { address } })).toEqual({
      outcome: 'rejected',
      reason: 'the address of the recipient is not a mail address',
    });
    expect(server.received).toEqual([]);
  });
});

describe('the connection to the mail server', () => {
  const credentials = { user: 'ann', password: 'planted-secret' };
  const onAuth: Parameters<typeof startMailServer>[0] = {
    authOptional: false,
    onAuth: ({ username, password }, _, callback) =>
      password === credentials.password
        ? callback(null, { user: username })
        : callback(new Error('Invalid password for ann: guess')),
  };

  async function certificate() {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'mail server' }], {
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    const folder = mkdtempSync(join(tmpdir(), 'orderstream-mail-'));
    stopping.push(() => rmSync(folder, { recursive: true }));
    const tlsCAFile = join(folder, 'ca.pem');
    writeFileSync(tlsCAFile, cert);
    return { cert, key, tlsCAFile };
  }

  it('logs in with the credentials of SMTP_URL over an encrypted connection', async () => {
    const { cert, key, tlsCAFile } = await certificate();
    const server = await running({ ...onAuth, cert, key });
    const mailer = mailerTo(server, { tls: 'required', tlsCAFile, credentials });
    expect(await mailer.send(mail)).toEqual({ outcome: 'sent' });
    expect(server.received).toMatchObject([{ encrypted: true, user: 'ann' }]);
  });

  it('is encrypted from its start with smtps://', async () => {
    const { cert, key, tlsCAFile } = await certificate();
    const server = await running({ secure: true, cert, key });
    expect(await mailerTo(server, { tls: 'from-start', tlsCAFile }).send(mail)).toEqual({ outcome: 'sent' });
    expect(server.received).toMatchObject([{ encrypted: true }]);
  });

  it('is not used when the certificate of the server is not trusted', async () => {
    const { cert, key } = await certificate();
    const server = await running({ cert, key });
    expect(await mailerTo(server, { tls: 'required' }).send(mail)).toEqual({
      outcome: 'unavailable',
      reason: 'the mail server is unavailable (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
  });

  it('sends nothing to a server that offers no encryption when it is required', async () => {
    const server = await running({ disabledCommands: ['STARTTLS'] });
    const result = await mailerTo(server, { tls: 'required' }).send(mail);
    expect(result.outcome).toBe('unavailable');
    expect(server.received).toEqual([]);
  });

  it('tries again later when the password is wrong, and shows no password', async () => {
    const server = await running({ ...onAuth, allowInsecureAuth: true });
    const wrong = { user: 'ann', password: 'guess' };
    const result = await mailerTo(server, { credentials: wrong }).send(mail);
    expect(result).toEqual({
      outcome: 'unavailable',
      reason: 'the mail server responded 535 to AUTH PLAIN',
    });
  });

  it('sends nothing without a log-in when the server offers none', async () => {
    const server = await running({ disabledCommands: ['AUTH'] });
    expect(await mailerTo(server, { credentials }).send(mail)).toEqual({
      outcome: 'unavailable',
      reason: 'the mail server offers no authentication',
    });
    expect(server.received).toEqual([]);
  });
});
