import type { RequestListener } from 'node:http';
import type { KeyedCommands } from '../command-handling/idempotency/keyed-commands.ts';
import { CustomerId } from '../domain/kernel/ids.ts';
import type { PaymentProvider } from '../integrations/payments/payment-provider.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import { PersonalDataCipher } from '../key-store/personal-data.ts';
import { createApi, type DeploymentOptions } from '../platform/http/create-api.ts';
import { readyWhenOk } from '../platform/http/monitoring/health.ts';
import { type AccountOptions, createAccountParts } from './accounts/account-parts.ts';
import type { CommandServices } from './command-services.ts';
import { withCommandProblems } from './http/command-route.ts';
import { commandProblems } from './http/problems.ts';
import { createRunCommand, createRunCreation } from './http/run-command.ts';
import { createAttemptRefund } from './payments/attempt-refund.ts';
import { commandRoutes } from './routes.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { createSessionServices, type SessionOptions } from './sessions/session-services.ts';

export interface CommandApiOptions
  extends Omit<DeploymentOptions, 'publicUrl'>,
    Pick<CommandServices, 'handler' | 'store' | 'prices' | 'clock'>,
    Pick<SessionOptions, 'passwords' | 'publicUrl'> {
  readonly keyed: KeyedCommands;
  readonly keyStore: KeyStore;
  /** Check of the event store for health: `ok`, or a sentence. */
  readonly eventStore: () => string;
  /** Check of the key store for health: `ok`, or a sentence. */
  readonly keyStoreCheck: () => string;
  readonly payments: Pick<PaymentProvider, 'refund'>;
  /** Returns the sessions of a user that have not ended, the newest first. */
  readonly listSessions: SessionOptions['listSessions'];
  /** Tells this process of the end of a session that it has recorded. */
  readonly onSessionEnded: SessionOptions['onEnded'];
  readonly accounts: AccountOptions;
  /** Milliseconds that a refund waits for the payment provider; 2,000 by default. */
  readonly refundWithinMs?: number;
  /** The origins that pictures of products may have; none by default. */
  readonly imageOrigins?: readonly string[];
}

/** Returns the request listener of the command API. */
export function createCommandApi(options: CommandApiOptions): RequestListener {
  const { handler, keyed, store, eventStore, prices, payments, ...others } = options;
  const { keyStore, keyStoreCheck, passwords, listSessions, onSessionEnded, ...more } = others;
  const { clock, refundWithinMs = 2_000, imageOrigins = [], ...apiOptions } = more;
  const { logger } = apiOptions;
  const runCommand = createRunCommand(keyed);
  const runCreation = createRunCreation(store);
  const attemptRefund = createAttemptRefund({ payments, handler, clock, logger, withinMs: refundWithinMs });
  const accounts = createAccountParts({
    ...options.accounts,
    ...{ keys: keyStore, passwords, publicUrl: apiOptions.publicUrl },
  });
  const personalData = new PersonalDataCipher(keyStore);
  const services = {
    handler,
    store,
    prices,
    runCommand,
    runCreation,
    attemptRefund,
    accounts,
    personalData,
    clock,
    imageOrigins,
  };
  const sessions = createSessionServices({
    ...{ handler, store, keyStore, passwords, clock, listSessions },
    ...{ publicUrl: apiOptions.publicUrl, onEnded: onSessionEnded },
  });
  return createApi({
    ...apiOptions,
    subject: CustomerId,
    title: 'Orderstream command API',
    description:
      'Places orders, keeps items and their stock, ships and refunds. Every response has the revision of the stream that the command writes, and its log position: a query with this Orderstream-Min-Position reads the written state. Amounts are integers in minor units (pence, cents). With an Idempotency-Key a command can be sent again safely.',
    routes: [
      ...commandRoutes.map((createRoute) => withCommandProblems(createRoute(services))),
      ...sessionRoutes(sessions),
    ],
    problems: commandProblems,
    // Commands use no other stores.
    ready: async () => readyWhenOk({ eventStore: eventStore(), keyStore: keyStoreCheck() }),
  });
}
