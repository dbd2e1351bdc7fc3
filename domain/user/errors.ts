import { DomainError } from '../kernel/domain-error.ts';
import type { CustomerId } from '../kernel/ids.ts';

/** The link is unknown, was used before, or has expired. */
export class TokenNotValid extends DomainError<object> {
  override readonly name = 'TokenNotValid';
  readonly code = 'token-not-valid';

  constructor() {
    super('the token of this link is not valid: it has expired, was used before, or is incomplete', {});
  }
}

/** A disabled account changes nothing until an admin enables it. */
export class UserIsDisabled extends DomainError<{ userId: CustomerId }> {
  override readonly name = 'UserIsDisabled';
  readonly code = 'account-disabled';

  constructor(userId: CustomerId) {
    super(`the account ${userId} is disabled`, { userId });
  }
}

/** The account is forgotten; its address is about to become free. */
export class UserIsForgotten extends DomainError<{ userId: CustomerId }> {
  override readonly name = 'UserIsForgotten';
  readonly code = 'account-forgotten';

  constructor(userId: CustomerId) {
    super(`the account ${userId} is forgotten`, { userId });
  }
}
