import { describe, expect, it } from 'vitest';
import { customerId } from '../../domain/kernel/ids.ts';
import type { ShopEvent } from '../shop-event.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { accountsProjection } from './projection.ts';

const userId = customerId('u1');
const personal = (value: string) => ({
  personId: userId,
  ciphertext: Buffer.from(value).toString('base64url'),
});
const registered = (confirmation: 'by-mail' | 'none' = 'by-mail'): ShopEvent => ({
  type: 'UserRegistered',
  data: {
    userId,
    emailHash: 'a1'.repeat(32),
    email: personal('ann@example.com'),
    signUpId: 's-1',
    name: personal('Stranger'),
    password: personal('hash'),
    confirmation,
    registeredAt: '2026-03-01T12:00:00.000Z',
  },
});
const repeated: ShopEvent = {
  type: 'SignUpRepeated',
  data: {
    userId,
    signUpId: 's-2',
    name: personal('Ann'),
    password: personal('hash'),
    repeatedAt: '2026-03-01T12:01:00.000Z',
  },
};
const confirmed = (signUpId?: string): ShopEvent => ({
  type: 'EmailConfirmed',
  data: { userId, ...(signUpId !== undefined && { signUpId }), confirmedAt: '2026-03-01T12:02:00.000Z' },
});
const disabled: ShopEvent = { type: 'UserDisabled', data: { userId, by: 'ada' } };
const enabled: ShopEvent = { type: 'UserEnabled', data: { userId, by: 'ada' } };
const forgotten: ShopEvent = {
  type: 'UserForgotten',
  data: { userId, emailHash: 'a1'.repeat(32), by: 'ada', at: '2026-03-01T13:00:00.000Z' },
};

const logOf = (...events: readonly ShopEvent[]): TestLog => {
  const log = new TestLog();
  for (const event of events) log.record('user-u1', event);
  return log;
};
const account = (...events: readonly ShopEvent[]) =>
  bodies(fold(accountsProjection, logOf(...events).events)).u1;

describe('the read model accounts', () => {
  it('shows an account, with personal data still encrypted', () => {
    expect(account(registered('none'))).toEqual({
      userId: 'u1',
      email: personal('ann@example.com'),
      name: personal('Stranger'),
      role: 'customer',
      status: 'active',
      registeredAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:01.000Z',
      revision: '0',
      isConfirmed: true,
      signUps: [],
    });
  });

  it('has the name of the sign-up whose link was opened', () => {
    expect(account(registered(), repeated, confirmed('s-1'))).toMatchObject({
      name: personal('Stranger'),
      status: 'active',
      signUps: [],
    });
    expect(account(registered(), repeated, confirmed('s-2'))).toMatchObject({ name: personal('Ann') });
  });

  it('shows an invited admin, a changed role, and an account that was disabled and enabled', () => {
    const invited: ShopEvent = {
      type: 'AdminInvited',
      data: {
        userId,
        emailHash: 'a1'.repeat(32),
        email: personal('ann@example.com'),
        name: personal('ann'),
        invitedAt: '2026-03-01T12:00:00.000Z',
      },
    };
    const changed: ShopEvent = { type: 'RoleChanged', data: { userId, role: 'operator', by: 'ada' } };
    expect(account(invited)).toMatchObject({ role: 'admin', status: 'unconfirmed' });
    expect(account(invited, confirmed(), changed)).toMatchObject({ role: 'operator', status: 'active' });
    expect(account(invited, disabled)).toMatchObject({ status: 'disabled' });
    expect(account(invited, disabled, enabled)).toMatchObject({ status: 'unconfirmed' });
    expect(account(invited, confirmed(), disabled, enabled)).toMatchObject({ status: 'active' });
  });

  it('shows when a person was forgotten', () => {
    expect(account(registered('none'), forgotten)).toMatchObject({
      status: 'forgotten',
      forgottenAt: '2026-03-01T13:00:00.000Z',
      revision: '1',
    });
  });

  it('is the same after a crash at any event', () => {
    const log = logOf(registered(), repeated, confirmed('s-2'), disabled, enabled, forgotten);
    expect(differencesAfterCrashes(accountsProjection, log.events)).toEqual([]);
  });
});
