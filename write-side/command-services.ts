import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { PersonalDataCipher } from '../key-store/personal-data.ts';
import type { Route } from '../platform/http/route.ts';
import type { AccountParts } from './accounts/account-parts.ts';
import type { RunCommand, RunCreation } from './http/run-command.ts';
import type { PriceCache } from './items/price-cache.ts';
import type { AttemptRefund } from './payments/attempt-refund.ts';

/** The services that the routes use. */
export interface CommandServices {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly prices: PriceCache;
  readonly runCommand: RunCommand;
  readonly runCreation: RunCreation;
  readonly attemptRefund: AttemptRefund;
  readonly accounts: AccountParts;
  readonly personalData: PersonalDataCipher;
  readonly clock: () => Date;
  /** The origins that pictures of products may have. */
  readonly imageOrigins: readonly string[];
}

/** Creates the route of a command. */
export type CommandRoute = (services: CommandServices) => Route;
