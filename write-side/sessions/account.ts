import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { customerId } from '../../domain/kernel/ids.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { UserEvent } from '../../domain/user/events.ts';
import type { RegisteredUser, UserState } from '../../domain/user/state.ts';
import { userStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { KeyStore } from '../../key-store/key-store.ts';
import type { Revocation } from '../../projections/sessions/document.ts';
import { revocationOf } from '../../projections/sessions/revocations.ts';
import { emailHashOf, normalizeEmail } from '../accounts/email-address.ts';

/** An account that may be used: neither unconfirmed, nor disabled, nor forgotten. */
export interface UsableAccount {
  readonly user: RegisteredUser;
  /** Revision of its stream. */
  readonly revision: number;
  readonly revocations: readonly Revocation[];
}

/** Returns the account as its stream has it now; undefined when there is none that may be used. */
export async function readAccount(
  store: Pick<EventStore, 'read'>,
  userId: string,
): Promise<UsableAccount | undefined> {
  let user: UserState = userDecider.initialState;
  let revision = -1n;
  const revocations: Revocation[] = [];
  for await (const recorded of store.read(userStream(userId))) {
    const event = recorded.event as UserEvent;
    user = userDecider.evolve(user, event);
    revision = recorded.revision;
    const revocation = revocationOf(event, revision);
    if (revocation !== undefined) revocations.push(revocation);
  }
  return user.status === 'active' ? { user, revision: Number(revision), revocations } : undefined;
}

/** An account that does not exist: reading it takes as long as reading one that does. */
const NOBODY = customerId('00000000-0000-7000-8000-000000000000');

/** Finds the account of an e-mail address. Does the same for an unknown address, so that its time tells nothing. */
export async function findAccount(
  store: Pick<EventStore, 'read'>,
  keyStore: Pick<KeyStore, 'existingKeys'>,
  emailHash: string,
): Promise<UsableAccount | undefined> {
  const { state } = await readState(store, aggregate('email', emailHash));
  const userId = state.status === 'claimed' ? state.userId : NOBODY;
  const account = await readAccount(store, userId);
  await keyStore.existingKeys([userId]);
  return account;
}

/** Returns the keyed hash of an address. A text that is no address has one too, which cannot be claimed. */
export async function hashOfEmail(keyStore: Pick<KeyStore, 'secret'>, email: string): Promise<string> {
  const addressKey = await keyStore.secret('addressKey');
  return emailHashOf(addressKey, normalizeEmail(email) ?? ` ${email}`);
}
