import { Unauthorized } from '../../platform/http/response/errors.ts';

/** The same for an unknown address, a wrong password, and an account that may not be used. */
export class LogInFailed extends Unauthorized {
  constructor() {
    super('the e-mail address or the password is wrong, or the account is not confirmed or is disabled');
  }
}
