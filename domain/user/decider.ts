import type { Decider } from '../kernel/decider.ts';
import { NotFound, unhandled } from '../kernel/domain-error.ts';
import { samePersonalData } from '../kernel/personal-data.ts';
import type { ChangeProfile, ForgetUser, UserCommand } from './commands.ts';
import { UserIsDisabled } from './errors.ts';
import type { UserEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { change, requestReset, reset } from './passwords.ts';
import { confirm, invite, register } from './sign-up.ts';
import { initialUser, isRegistered, type RegisteredUser, type UserState } from './state.ts';

/**
 * An account: unconfirmed → active ⇄ disabled, until it is forgotten. It throws the errors of `errors.ts`. That an enabled
 * admin always remains is decided by `domain/admins`, before a command of this decider.
 */
export const userDecider: Decider<UserState, UserCommand, UserEvent> = {
  decide,
  evolve,
  initialState: initialUser,
};

function decide(command: UserCommand, state: UserState): readonly UserEvent[] {
  switch (command.type) {
    case 'RegisterUser':
      return register(command, state);
    case 'InviteAdmin':
      return invite(command, state);
    case 'ConfirmEmail':
      return confirm(command, existing(state));
    case 'RequestPasswordReset':
      return requestReset(command, existing(state));
    case 'ResetPassword':
      return reset(command, existing(state));
    case 'ChangePassword':
      return change(command, existing(state));
    case 'ChangeProfile':
      return changeProfile(command, existing(state));
    case 'ChangeRole': {
      const { userId, role } = existing(state);
      if (role === command.role) return [];
      return [{ type: 'RoleChanged', data: { userId, role: command.role, by: command.by } }];
    }
    case 'DisableUser': {
      const { userId, status } = existing(state);
      return status === 'disabled' ? [] : [{ type: 'UserDisabled', data: { userId, by: command.by } }];
    }
    case 'EnableUser': {
      const { userId, status } = existing(state);
      return status === 'disabled' ? [{ type: 'UserEnabled', data: { userId, by: command.by } }] : [];
    }
    case 'ForgetUser':
      return forget(command, state);
    default:
      return unhandled(command);
  }
}

/** Records only the fields that change. */
function changeProfile({ name, address }: ChangeProfile, user: RegisteredUser): readonly UserEvent[] {
  const { userId, status } = user;
  if (status === 'disabled') throw new UserIsDisabled(userId);
  const isNewName = name !== undefined && !samePersonalData(name, user.name);
  const isNewAddress = address !== undefined && !samePersonalData(address ?? undefined, user.address);
  if (!isNewName && !isNewAddress) return [];
  const data = { userId, ...(isNewName && { name }), ...(isNewAddress && { address }) };
  return [{ type: 'ProfileChanged', data }];
}

function forget({ by, at }: ForgetUser, state: UserState): readonly UserEvent[] {
  if (state.status === 'forgotten') return [];
  const { userId, emailHash } = existing(state);
  return [{ type: 'UserForgotten', data: { userId, emailHash, by, at } }];
}

function existing(state: UserState): RegisteredUser {
  if (!isRegistered(state)) throw new NotFound('account');
  return state;
}
