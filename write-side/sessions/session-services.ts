import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { KeyStore } from '../../key-store/key-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { createSessionCookies, type SessionCookies } from '../../platform/http/tokens/session-cookies.ts';
import type { PasswordHasher } from '../../platform/passwords/password-hasher.ts';
import type { SessionDocument } from '../../projections/sessions/document.ts';
import { LockOut } from './lock-out.ts';
import { SigningKeys } from './tokens/signing-keys.ts';

export interface SessionOptions {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly keyStore: KeyStore;
  readonly passwords: PasswordHasher;
  /** `PUBLIC_URL`: the `iss` of access tokens. With https, cookies are `Secure`. */
  readonly publicUrl: string;
  readonly clock: () => Date;
  /** Returns the sessions of a user that have not ended, the newest first; with all events up to this position. */
  readonly listSessions: (userId: string, from: Position | undefined) => Promise<readonly SessionDocument[]>;
  /** Tells this process of an end that it has recorded. */
  readonly onEnded: (sessionId: string, userId: string) => void;
}

/** The services that the routes of sessions use. */
export interface SessionServices extends SessionOptions {
  readonly cipher: PersonalDataCipher;
  readonly signingKeys: SigningKeys;
  readonly cookies: SessionCookies;
  readonly lockOut: LockOut;
  /** Position of the last event of a session that this process has recorded. */
  readonly lastWrite: { position: Position | undefined };
}

export const createSessionServices = (options: SessionOptions): SessionServices => ({
  ...options,
  cipher: new PersonalDataCipher(options.keyStore),
  signingKeys: new SigningKeys(options.keyStore, options.clock),
  cookies: createSessionCookies(options.publicUrl.startsWith('https:')),
  lockOut: new LockOut(),
  lastWrite: { position: undefined },
});
