import { Refusal } from '../../domain/kernel/refusal.ts';

/** A step that is being replayed cannot be thrown away: it may be done at this moment. */
export class StepBeingReplayed extends Refusal {
  override readonly name = 'StepBeingReplayed';
  readonly code = 'step-being-replayed';
  readonly stepId: string;

  constructor(stepId: string) {
    super(`the parked step ${stepId} is being replayed`);
    this.stepId = stepId;
  }
}

/** An exception cannot be replayed, since it has happened: an operator resolves it and discards the step. */
export class NothingToReplay extends Refusal {
  override readonly name = 'NothingToReplay';
  readonly code = 'nothing-to-replay';
  readonly stepId: string;

  constructor(stepId: string) {
    super(`the parked step ${stepId} is an exception and cannot be replayed: resolve it, then discard it`);
    this.stepId = stepId;
  }
}

/** A customer's money cannot be thrown away: it is taken, or goes back, one way or another. */
export class MoneyStillOwed extends Refusal {
  override readonly name = 'MoneyStillOwed';
  readonly code = 'money-still-owed';
  readonly stepId: string;

  constructor(stepId: string) {
    super(`the parked step ${stepId} is about money: have it replayed, or resolve the payment`);
    this.stepId = stepId;
  }
}

/** More steps are set aside than a list is good for: what comes now waits instead, until somebody looks. */
export class TooManyParked extends Error {
  override readonly name = 'TooManyParked';
  readonly limit: number;

  constructor(limit: number) {
    super(`${limit} steps are parked already`);
    this.limit = limit;
  }
}
