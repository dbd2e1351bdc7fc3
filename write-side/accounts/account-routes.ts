import type { CommandRoute } from '../command-services.ts';
import { changeRole, disableAccount, enableAccount } from './administration/change-role.ts';
import { createPasswordResetLink } from './administration/create-reset-link.ts';
import { forgetUser } from './administration/forget-user.ts';
import { changePassword } from './change-password.ts';
import { confirmEmail } from './confirm-email.ts';
import { exportOwnAccount } from './export-account.ts';
import { forgetOwnAccount } from './forget-own-account.ts';
import { changeOwnAccount, showOwnAccount } from './own-account.ts';
import { confirmPasswordReset, requestPasswordReset } from './reset-password.ts';
import { signUp } from './sign-up.ts';

export const accountRoutes: readonly CommandRoute[] = [
  [signUp, confirmEmail, requestPasswordReset, confirmPasswordReset],
  [showOwnAccount, changeOwnAccount, changePassword, exportOwnAccount, forgetOwnAccount],
  [changeRole, disableAccount, enableAccount, createPasswordResetLink, forgetUser],
].flat();
