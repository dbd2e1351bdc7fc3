import { describe, expect, it } from 'vitest';
import { NotFound } from '../kernel/domain-error.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { ChangeProfile, RegisterUser } from './commands.ts';
import { userDecider } from './decider.ts';
import { TokenNotValid, UserIsDisabled, UserIsForgotten } from './errors.ts';
import { type UserEvent, userEvents } from './events.ts';
import { isEnabledAdmin } from './state.ts';
import * as sample from './testing/sample-users.ts';

const { given } = specOf(userDecider, userEvents);
const { userId, emailHash, personal, registered, active, at } = sample;

const register: RegisterUser = {
  type: 'RegisterUser',
  userId,
  emailHash,
  email: personal('ann@example.com'),
  name: personal('Ann'),
  password: personal('hash-1'),
  signUpId: 's-1',
  confirmation: 'by-mail',
  at: at('12:00'),
};
const again: RegisterUser = { ...register, signUpId: 's-2', password: personal('hash-2'), at: at('13:00') };
const repeated: UserEvent = {
  type: 'SignUpRepeated',
  data: {
    userId,
    signUpId: 's-2',
    name: personal('Ann'),
    password: personal('hash-2'),
    repeatedAt: at('13:00'),
  },
};
const confirmed = (signUpId: string): UserEvent => ({
  type: 'EmailConfirmed',
  data: { userId, signUpId, confirmedAt: at('14:00') },
});
const confirm = (signUpId: string, time = at('14:00')) =>
  ({ type: 'ConfirmEmail', signUpId, at: time }) as const;
const forgotten: UserEvent = {
  type: 'UserForgotten',
  data: { userId, emailHash, by: userId, at: at('15:00') },
};
const disabled: UserEvent = { type: 'UserDisabled', data: { userId, by: 'admin-1' } };
const enabled: UserEvent = { type: 'UserEnabled', data: { userId, by: 'admin-1' } };
const roleChanged: UserEvent = { type: 'RoleChanged', data: { userId, role: 'admin', by: 'admin-1' } };

describe('signing up', () => {
  it('registers an account that cannot log in before its address is confirmed', () => {
    given().when(register).then(registered);
    expect(given(registered).state()).toMatchObject({ status: 'unconfirmed', role: 'customer' });
    expect(given(registered).state()).not.toHaveProperty('password');
  });
  it('registers an active account when no confirmation is required', () => {
    given()
      .when({ ...register, confirmation: 'none' })
      .then(active);
    expect(given(active).state()).toMatchObject({ status: 'active', password: personal('hash-1') });
  });
  it('has no effect when it is repeated', () => {
    given(registered).when(register).thenNothing();
    given(registered, confirmed('s-1')).when(register).thenNothing();
    given(active)
      .when({ ...register, confirmation: 'none' })
      .thenNothing();
  });
  it('gets a link of its own while the address is not confirmed', () =>
    given(registered).when(again).then(repeated));
  it('never takes over an account without confirmation', () =>
    given(registered)
      .when({ ...again, confirmation: 'none' })
      .thenNothing());
  it('never takes over an account of the staff', () => {
    given(registered, roleChanged).when(again).thenNothing();
    given(registered, roleChanged).when(confirm('s-1')).thenRejects(TokenNotValid);
  });
  it('is ignored while ten links for the address are valid', () => {
    const more = Array.from({ length: 9 }, (_, index): UserEvent => {
      const data = { ...repeated.data, signUpId: `more-${index}` } as (typeof repeated)['data'];
      return { type: 'SignUpRepeated', data } as UserEvent;
    });
    given(registered, ...more)
      .when(again)
      .thenNothing();
  });
  it('with the address of an active account tells its owner, at most once a day', () => {
    const told: UserEvent = { type: 'KnownAddressSignedUp', data: { userId, attemptedAt: at('13:00') } };
    given(registered, confirmed('s-1')).when(again).then(told);
    const later = { ...again, signUpId: 's-3', at: at('23:00') };
    given(registered, confirmed('s-1'), told).when(later).thenNothing();
  });
  it('is rejected for a forgotten account', () =>
    given(registered, forgotten).when(again).thenRejects(UserIsForgotten));
});

describe('opening the link of a sign-up', () => {
  it('makes the password of that very sign-up valid', () => {
    given(registered, repeated).when(confirm('s-2')).then(confirmed('s-2'));
    expect(given(registered, repeated, confirmed('s-2')).state()).toMatchObject({
      status: 'active',
      password: personal('hash-2'),
    });
    expect(given(registered, repeated, confirmed('s-1')).state()).toMatchObject({
      password: personal('hash-1'),
    });
  });
  it('works once', () => {
    given(registered, confirmed('s-1')).when(confirm('s-1')).thenRejects(TokenNotValid);
    given(registered, repeated, confirmed('s-2')).when(confirm('s-1')).thenRejects(TokenNotValid);
  });
  it('is rejected after 24 hours, and for an unknown link', () => {
    given(registered)
      .when(confirm('s-1', at('11:59', 2)))
      .then({ type: 'EmailConfirmed', data: { userId, signUpId: 's-1', confirmedAt: at('11:59', 2) } });
    given(registered)
      .when(confirm('s-1', at('12:00', 2)))
      .thenRejects(TokenNotValid);
    given(registered).when(confirm('s-9')).thenRejects(TokenNotValid);
  });
  it('is rejected while the account is disabled', () =>
    given(registered, disabled).when(confirm('s-1')).thenRejects(TokenNotValid));
});

describe('changing name and address', () => {
  const address = { lines: ['1 Main Street'], city: 'Ulm' };
  const change = (fields: Omit<ChangeProfile, 'type'>) => ({ type: 'ChangeProfile', ...fields }) as const;
  it('records only the fields that change', () =>
    given(active)
      .when(change({ name: personal('Ann'), address: personal(address) }))
      .then({ type: 'ProfileChanged', data: { userId, address: personal(address) } }));
  it('has no effect when nothing changes', () => {
    given(active)
      .when(change({ name: personal('Ann') }))
      .thenNothing();
    given(active)
      .when(change({ address: null }))
      .thenNothing();
  });
  it('removes the address', () => {
    const moved: UserEvent = { type: 'ProfileChanged', data: { userId, address: personal(address) } };
    const removed: UserEvent = { type: 'ProfileChanged', data: { userId, address: null } };
    given(active, moved)
      .when(change({ address: null }))
      .then(removed);
    expect(given(active, moved, removed).state()).toHaveProperty('address', undefined);
  });
  it('is rejected while the account is disabled', () =>
    given(active, disabled)
      .when(change({ name: personal('Anna') }))
      .thenRejects(UserIsDisabled));
});

describe('administration of an account', () => {
  it('changes the role once', () => {
    const change = { type: 'ChangeRole', role: 'admin', by: 'admin-1' } as const;
    given(active).when(change).then(roleChanged);
    given(active, roleChanged).when(change).thenNothing();
  });
  it('disables and enables once', () => {
    given(active).when({ type: 'DisableUser', by: 'admin-1' }).then(disabled);
    given(active, disabled).when({ type: 'DisableUser', by: 'admin-1' }).thenNothing();
    given(active, disabled).when({ type: 'EnableUser', by: 'admin-1' }).then(enabled);
    given(active, disabled, enabled).when({ type: 'EnableUser', by: 'admin-1' }).thenNothing();
  });
  it('leaves an unconfirmed account unconfirmed when it is enabled again', () =>
    expect(given(registered, disabled, enabled).state()).toHaveProperty('status', 'unconfirmed'));
  it('counts only an active account as an enabled admin', () => {
    expect(isEnabledAdmin(given(active, roleChanged).state())).toBe(true);
    expect(isEnabledAdmin(given(active, roleChanged, disabled).state())).toBe(false);
    expect(isEnabledAdmin(given(registered, roleChanged).state())).toBe(false);
    expect(isEnabledAdmin(given(active).state())).toBe(false);
  });
});

describe('forgetting', () => {
  const forget = { type: 'ForgetUser', by: userId, at: at('15:00') } as const;
  it('records who and when, once', () => {
    given(active).when(forget).then(forgotten);
    given(active, forgotten).when(forget).thenNothing();
  });
  it('leaves no account behind', () => {
    expect(given(active, forgotten).state()).toEqual({ status: 'forgotten', userId, emailHash });
    given(active, forgotten).when({ type: 'EnableUser', by: 'admin-1' }).thenRejects(NotFound);
    given(active, forgotten).when(confirm('s-1')).thenRejects(NotFound);
  });
});

it('an account that was never registered is not found', () => {
  given().when({ type: 'DisableUser', by: 'admin-1' }).thenRejects(NotFound, { what: 'account' });
  given().when(confirm('s-1')).thenRejects(NotFound);
  expect(given(disabled, roleChanged).state()).toEqual({ status: 'unregistered' });
});
