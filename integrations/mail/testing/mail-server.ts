import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the server accepted it. */
export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly encrypted: boolean;
  readonly user: string | undefined;
  readonly raw: string;
  readonly parsed: ParsedMail;
}

/** An error that the server answers, such as `refusal(550, '5.1.1 unknown mailbox')`. */
export const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

/** Starts a real SMTP server on a free loopback port that keeps what it receives. `options` can refuse or delay each command. */
export async function startMailServer(options: SMTPServerOptions = {}) {
  const received: ReceivedMail[] = [];
  const { onData = (_stream, _session, accept) => accept() } = options;
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    ...options,
    async onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const raw = Buffer.concat(chunks);
      const parsed = await simpleParser(raw);
      onData.call(server, stream, session, (error, message) => {
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
        };
        const user = session.user as string | undefined;
        if (!error) received.push({ envelope, encrypted: session.secure, user, raw: String(raw), parsed });
        callback(error, message);
      });
    },
  });
  // A client that hangs up is part of some specs.
  server.on('error', () => {});
  const sockets = new Set<Socket>();
  const listening = server.listen(0, '127.0.0.1');
  listening.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    received,
    /** Cuts all connections. */
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;
