import { DomainError } from '../kernel/domain-error.ts';

/** A replay is running; the item may be handled at this moment, so it cannot be discarded. */
export class ItemBeingReplayed extends DomainError<{ itemId: string }> {
  override readonly name = 'ItemBeingReplayed';
  readonly code = 'step-being-replayed';

  constructor(itemId: string) {
    super(`the parked item ${itemId} is being replayed`, { itemId });
  }
}

/** An exception has happened, so it cannot be replayed: an operator resolves it and discards the item. */
export class NothingToReplay extends DomainError<{ itemId: string }> {
  override readonly name = 'NothingToReplay';
  readonly code = 'nothing-to-replay';

  constructor(itemId: string) {
    super(`the parked item ${itemId} is an exception and cannot be replayed: resolve it, then discard it`, {
      itemId,
    });
  }
}

/** A payment must be settled and a refund must be paid, so items about money cannot be discarded. */
export class MoneyStillOwed extends DomainError<{ itemId: string }> {
  override readonly name = 'MoneyStillOwed';
  readonly code = 'money-still-owed';

  constructor(itemId: string) {
    super(`the parked item ${itemId} is about money: replay it, or resolve the payment`, { itemId });
  }
}

/** The list is full. No `DomainError`: the work is retried until operators have made room. */
export class TooManyParked extends Error {
  override readonly name = 'TooManyParked';
  readonly limit: number;

  constructor(limit: number) {
    super(`${limit} items are already parked`);
    this.limit = limit;
  }
}
