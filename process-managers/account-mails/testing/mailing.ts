import pLimit from 'p-limit';
import { aggregate } from '../../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../../command-handling/command-handler.ts';
import { createCommandHandler } from '../../../command-handling/create-command-handler.ts';
import { customerId } from '../../../domain/kernel/ids.ts';
import type { UserCommand } from '../../../domain/user/commands.ts';
import { catalogue } from '../../../event-catalogue/catalogue.ts';
import { mailsStream } from '../../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import { silent } from '../../../event-store/logger.ts';
import { createInMemoryEventStore } from '../../../event-store/testing/in-memory-event-store.ts';
import type { Mail, Mailer, MailResult } from '../../../integrations/mail/mailer.ts';
import { PersonalDataCipher } from '../../../key-store/personal-data.ts';
import { memoryKeyStore } from '../../../key-store/testing/memory-key-store.ts';
import { createProcessManager, type ProcessManager } from '../../engine/create-process-manager.ts';
import { createCrashGuard } from '../../engine/parking/crash-guard.ts';
import { createParking } from '../../engine/parking/parking.ts';
import { accountMails } from '../account-mails.ts';

export const ANN = customerId('0198c0de-0000-7000-8000-00000000a001');
export const PUBLIC_URL = 'https://shop.example';
const emailHash = 'a1'.repeat(32);

/** A mailer that keeps what it is given. A spec sets the results to come; after them it answers `sent`. */
export function recordingMailer() {
  const sent: Mail[] = [];
  const discarded: string[] = [];
  const results: MailResult[] = [];
  const mailer: Mailer = {
    send: async (mail) => {
      const result = results.shift() ?? { outcome: 'sent' };
      if (result.outcome !== 'unavailable') sent.push(mail);
      return result;
    },
    discard: async (mailId) => void discarded.push(mailId),
  };
  return { ...mailer, sent, discarded, results };
}

/** Accounts and their mails in memory: streams, keys, a clock, and processes to which a spec delivers events. */
export async function createMailing(mailer: Mailer = recordingMailer()) {
  const store = createInMemoryEventStore({ catalogue });
  const keyStore = await memoryKeyStore();
  const cipher = new PersonalDataCipher(keyStore);
  const ownHandler = () => createCommandHandler({ store: store.connectAgain() });
  const direct = ownHandler();
  let time = Date.parse('2026-01-05T10:00:00.000Z');
  const clock = () => new Date(time);
  const parking = createParking(direct, clock);

  const eventsOf = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const found: RecordedEvent[] = [];
    for await (const recorded of store.read(stream)) found.push(recorded);
    return found;
  };
  const command = async (sent: UserCommand): Promise<void> => {
    const commandId = crypto.randomUUID();
    const actor = { sub: ANN, role: 'customer' } as const;
    const context = { commandId, correlationId: ANN, causationId: commandId, actor };
    await direct.handle({ ...aggregate('user', ANN), command: sent, context });
  };
  const later = (ms: number): string => new Date(time + ms).toISOString();

  return {
    store,
    keyStore,
    clock,
    ownHandler,
    eventsOf,
    command,
    parked: () => parking.list(),
    typesOf: async () => (await eventsOf(mailsStream(ANN))).map(({ event }) => event.type),
    pass: (ms: number) => {
      time += ms;
    },

    signUp: async (signUpId = 's-1', confirmation: 'by-mail' | 'none' = 'by-mail') =>
      command({
        type: 'RegisterUser',
        userId: ANN,
        emailHash,
        email: await cipher.encrypt(ANN, 'ann@example.com'),
        name: await cipher.encrypt(ANN, 'Ann'),
        password: await cipher.encrypt(ANN, `hash of ${signUpId}`),
        signUpId,
        confirmation,
        at: later(0),
      }),
    requestReset: (resetId = 'r-1') =>
      command({
        type: 'RequestPasswordReset',
        resetId,
        requester: 'owner',
        at: later(0),
        expiresAt: later(600_000),
      }),
    resetPassword: async (resetId = 'r-1') =>
      command({
        type: 'ResetPassword',
        resetId,
        password: await cipher.encrypt(ANN, `hash of ${resetId}`),
        at: later(0),
      }),
    forget: async () => {
      await command({ type: 'ForgetUser', by: ANN, at: later(0) });
      await keyStore.forget(ANN);
    },

    startProcess: (handler: CommandHandler = ownHandler()): ProcessManager =>
      createProcessManager(accountMails({ store, keyStore, mailer, publicUrl: PUBLIC_URL, clock }), {
        handler,
        parking: createParking(handler, clock),
        guard: createCrashGuard(handler, clock),
        limit: pLimit(10),
        maxRunningCalls: 4,
        maxWaitingCalls: 10,
        clock,
        logger: silent,
      }),

    /** Delivers all events to a process until none is new. Throws what the process throws. */
    async deliverAll(process: ProcessManager, delivered = new Set<string>()): Promise<void> {
      for (;;) {
        const news: RecordedEvent[] = [];
        for await (const recorded of store.readAll({ prefixes: process.prefixes }))
          if (!delivered.has(recorded.id)) news.push(recorded);
        if (news.length === 0) return;
        for (const recorded of news) {
          await process.handle(recorded);
          delivered.add(recorded.id);
        }
        await process.calls.idle();
      }
    },

    /** Advances the clock until the current timeout of the mails is due, and lets it elapse. */
    async elapse(process: ProcessManager): Promise<void> {
      const last = (await eventsOf(mailsStream(ANN))).at(-1)?.event;
      if (last?.type !== 'AccountMailTimeoutScheduled') throw new RangeError('the mails have no timeout');
      const { timeoutId, dueAt } = last.data as { readonly timeoutId: string; readonly dueAt: string };
      time = Math.max(time, Date.parse(dueAt));
      await process.timeoutElapsed(ANN, timeoutId);
      await process.calls.idle();
    },
  };
}
