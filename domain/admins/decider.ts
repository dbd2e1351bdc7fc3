import { type Decider, unchanged } from '../kernel/decider.ts';
import { DomainError, unhandled } from '../kernel/domain-error.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { AdminEvent } from './events.ts';

/** The account is an enabled admin at this revision of its stream. Ignored if it was delisted for a later one. */
export interface ListAdmin {
  readonly type: 'ListAdmin';
  readonly userId: CustomerId;
  readonly userRevision: bigint;
}
/** The account is to be no enabled admin from this revision of its stream on. Throws `LastAdmin`. */
export interface DelistAdmin {
  readonly type: 'DelistAdmin';
  readonly userId: CustomerId;
  readonly userRevision: bigint;
}
export type AdminCommand = ListAdmin | DelistAdmin;

interface Entry {
  readonly isListed: boolean;
  readonly userRevision: bigint;
}
export interface AdminsState {
  readonly entries: Readonly<Record<string, Entry>>;
}

/** No other account is an enabled admin. */
export class LastAdmin extends DomainError<{ userId: CustomerId }> {
  override readonly name = 'LastAdmin';
  readonly code = 'last-admin';

  constructor(userId: CustomerId) {
    super(
      `the account ${userId} is the last enabled admin: make another account an admin first, with POST /api/v1/accounts/:userId/role`,
      { userId },
    );
  }
}

/**
 * The list of enabled admins. A listed account is an enabled admin, or is delisted first: so as long as one is listed, one
 * can log in (ADR 0017). A crash may leave an enabled admin unlisted, which only makes the list stricter.
 */
export const adminsDecider: Decider<AdminsState, AdminCommand, AdminEvent> = {
  decide,
  evolve,
  initialState: { entries: {} },
};

function decide({ type, userId, userRevision }: AdminCommand, state: AdminsState): readonly AdminEvent[] {
  const known = state.entries[userId];
  const data = { userId, userRevision: String(userRevision) };
  switch (type) {
    case 'ListAdmin':
      if (known?.isListed || (known !== undefined && userRevision < known.userRevision)) return [];
      return [{ type: 'AdminListed', data }];
    case 'DelistAdmin':
      if (!hasOthers(state, userId)) throw new LastAdmin(userId);
      if (known !== undefined && !known.isListed && userRevision <= known.userRevision) return [];
      return [{ type: 'AdminDelisted', data }];
    default:
      return unhandled(type);
  }
}

function evolve(state: AdminsState, event: AdminEvent): AdminsState {
  const entry = (isListed: boolean) => ({
    entries: {
      ...state.entries,
      [event.data.userId]: { isListed, userRevision: BigInt(event.data.userRevision) },
    },
  });
  switch (event.type) {
    case 'AdminListed':
      return entry(true);
    case 'AdminDelisted':
      return entry(false);
    default:
      return unchanged(state, event);
  }
}

const hasOthers = ({ entries }: AdminsState, userId: string): boolean =>
  Object.entries(entries).some(([id, { isListed }]) => isListed && id !== userId);

/** Returns whether any account was ever an enabled admin. */
export const hasAdmins = ({ entries }: AdminsState): boolean => Object.keys(entries).length > 0;
