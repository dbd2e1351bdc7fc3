import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer/lib/errors';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import pLimit from 'p-limit';
import type { SmtpServer } from '../../platform/config/smtp-url.ts';
import { asciiMailAddress, type Mailbox } from '../../platform/mail-address.ts';
import { composeMail } from './compose-mail.ts';
import type { Mailer, MailResult } from './mailer.ts';
import { resultOfError, type SmtpPhase } from './smtp-results.ts';

export interface SmtpMailerOptions {
  readonly server: SmtpServer;
  readonly from: Mailbox;
  readonly clock: () => Date;
  readonly timeouts?: SmtpTimeouts;
}

/** In milliseconds. */
export interface SmtpTimeouts {
  /** From the start of the connection until the server has greeted and the connection is encrypted. */
  readonly connectMs: number;
  /** Maximum time without a byte from the server. */
  readonly silenceMs: number;
}

export const defaultSmtpTimeouts: SmtpTimeouts = { connectMs: 10_000, silenceMs: 15_000 };

/** Mail servers limit the connections of one client. */
const MAX_CONNECTIONS = 5;

/** Sends mails by SMTP, each over a connection of its own. Logs nothing: commands and responses hold addresses and passwords. */
export function smtpMailer(options: SmtpMailerOptions): Pick<Mailer, 'send'> {
  const { server, from, clock, timeouts = defaultSmtpTimeouts } = options;
  const limit = pLimit(MAX_CONNECTIONS);
  const connectionOptions = connectionOptionsOf(server, timeouts);
  return {
    send: (mail, signal) =>
      limit(async () => {
        const address = asciiMailAddress(mail.to.address);
        if (address === undefined)
          return { outcome: 'rejected', reason: 'the address of the recipient is not a mail address' };
        const message = await composeMail({ ...mail, to: { ...mail.to, address } }, from, clock());
        return converse(new SMTPConnection(connectionOptions), {
          envelope: { from: from.address, to: [address] },
          message,
          credentials: server.credentials,
          signal,
        });
      }),
  };
}

interface Conversation {
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly message: Buffer;
  readonly credentials: SmtpServer['credentials'];
  readonly signal: AbortSignal | undefined;
}

/** Connects, logs in, sends the message and closes the connection. Never rejects. */
function converse(connection: SMTPConnection, conversation: Conversation): Promise<MailResult> {
  const { envelope, message, credentials, signal } = conversation;
  let phase: SmtpPhase = 'envelope';
  /** The connection reads the message only once the server has accepted the envelope. */
  const content = Readable.from(
    (function* () {
      phase = 'message';
      yield message;
    })(),
  );
  return new Promise((resolve) => {
    const finish = (result: MailResult): void => {
      signal?.removeEventListener('abort', onAbort);
      connection.close();
      resolve(result);
    };
    const onError = (error: NodemailerError): void => finish(resultOfError(error, phase));
    const onAbort = (): void => onError(Object.assign(new Error(), { code: 'EABORT' }));
    const send = (): void =>
      connection.send(envelope, content, (error) => (error ? onError(error) : finish({ outcome: 'sent' })));

    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort);
    connection.once('error', onError);
    connection.connect((error) => {
      if (error) return onError(error);
      if (credentials === undefined) return send();
      if (!connection.allowsAuth)
        return finish({ outcome: 'unavailable', reason: 'the mail server offers no authentication' });
      const { user, password: pass } = credentials;
      connection.login({ user, credentials: { user, pass } }, (error) => (error ? onError(error) : send()));
    });
  });
}

const connectionOptionsOf = (
  { host, port, tls, tlsCAFile }: SmtpServer,
  { connectMs, silenceMs }: SmtpTimeouts,
): SMTPConnectionOptions => ({
  host,
  port,
  secure: tls === 'from-start',
  requireTLS: tls === 'required',
  ignoreTLS: tls === 'off',
  connectionTimeout: connectMs,
  greetingTimeout: connectMs,
  dnsTimeout: connectMs,
  socketTimeout: silenceMs,
  tls: { minVersion: 'TLSv1.2', ...(tlsCAFile !== undefined && { ca: readFileSync(tlsCAFile) }) },
});
