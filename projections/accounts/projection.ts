import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { type DocumentHandler, defineDocumentProjection } from '../define-projection.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import type { EventOfType } from '../shop-event.ts';
import { AccountDocument } from './document.ts';

type UserEventType =
  | 'SignUpRepeated'
  | 'KnownAddressSignedUp'
  | 'EmailConfirmed'
  | 'PasswordResetRequested'
  | 'PasswordChanged'
  | 'ProfileChanged'
  | 'RoleChanged'
  | 'UserDisabled'
  | 'UserEnabled'
  | 'UserForgotten';

/** Accounts by the time of their registration, for admins. */
export const accountsProjection = defineDocumentProjection({
  name: 'accounts',
  version: 1,
  document: AccountDocument,
  indexes: [{ name: 'byRegistration', fields: ['registeredAt'], direction: 'descending' }],
  documentId: ({ event }) => event.data.userId,
  on: {
    UserRegistered: (_, recorded) => registered(recorded),
    AdminInvited: (_, recorded) => invited(recorded),
    SignUpRepeated: change(({ signUpId, name }, { signUps }) => ({
      name,
      signUps: [...signUps, { signUpId, name }],
    })),
    EmailConfirmed: change(({ signUpId }, { name, signUps, status }) => ({
      name: signUps.find((signUp) => signUp.signUpId === signUpId)?.name ?? name,
      status: status === 'disabled' ? status : 'active',
      isConfirmed: true,
      signUps: [],
    })),
    ProfileChanged: change(({ name }) => withoutUndefined({ name })),
    RoleChanged: change(({ role }) => ({ role, signUps: [] })),
    UserDisabled: change(() => ({ status: 'disabled' })),
    UserEnabled: change((_, { isConfirmed }) => ({ status: isConfirmed ? 'active' : 'unconfirmed' })),
    UserForgotten: change(({ at }) => ({ status: 'forgotten', forgottenAt: at, signUps: [] })),
    // These change the revision alone, which `If-Match` of commands needs.
    KnownAddressSignedUp: change(() => ({})),
    PasswordResetRequested: change(() => ({})),
    PasswordChanged: change(() => ({})),
  },
});

function invited({ event, at, revision }: RecordedEvent<EventOfType<'AdminInvited'>>): AccountDocument {
  const { userId, email, name, invitedAt } = event.data;
  return {
    userId,
    email,
    name,
    role: 'admin',
    status: 'unconfirmed',
    registeredAt: invitedAt,
    updatedAt: at.toISOString(),
    revision: revision.toString(),
    isConfirmed: false,
    signUps: [],
  };
}

function registered({ event, at, revision }: RecordedEvent<EventOfType<'UserRegistered'>>): AccountDocument {
  const { userId, email, name, signUpId, confirmation, registeredAt } = event.data;
  const isConfirmed = confirmation === 'none';
  return {
    userId,
    email,
    name,
    role: 'customer',
    status: isConfirmed ? 'active' : 'unconfirmed',
    registeredAt,
    updatedAt: at.toISOString(),
    revision: revision.toString(),
    isConfirmed,
    signUps: isConfirmed ? [] : [{ signUpId, name }],
  };
}

function change<Event extends EventOfType<UserEventType>>(
  changesOf: (data: Event['data'], account: AccountDocument) => Partial<AccountDocument>,
): DocumentHandler<AccountDocument, Event> {
  return (account, { event, at, revision }) =>
    account && {
      ...account,
      ...changesOf(event.data, account),
      updatedAt: at.toISOString(),
      revision: revision.toString(),
    };
}
