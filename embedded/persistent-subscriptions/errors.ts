/** An error of a group, which the client receives. */
abstract class GroupError extends Error {
  readonly stream: string;
  readonly group: string;

  constructor(stream: string, group: string, message: string) {
    super(message);
    this.stream = stream;
    this.group = group;
  }
}

export class GroupExistsError extends GroupError {
  override readonly name = 'GroupExistsError';

  constructor(stream: string, group: string) {
    super(stream, group, `Subscription group ${group} on stream ${stream} exists.`);
  }
}

export class GroupNotFoundError extends GroupError {
  override readonly name = 'GroupNotFoundError';

  constructor(stream: string, group: string) {
    super(stream, group, `Subscription group ${group} on stream ${stream} does not exist.`);
  }
}

export class GroupFailedError extends GroupError {
  override readonly name = 'GroupFailedError';
  readonly reason: string;

  constructor(stream: string, group: string, reason: string) {
    super(stream, group, `Subscription group ${group} on stream ${stream} failed: '${reason}'`);
    this.reason = reason;
  }
}

export class TooManyConsumersError extends GroupError {
  override readonly name = 'TooManyConsumersError';

  constructor(stream: string, group: string) {
    super(
      stream,
      group,
      `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
    );
  }
}

/** The group was updated, deleted or restarted while the consumer was connected. */
export class ConsumerDroppedError extends GroupError {
  override readonly name = 'ConsumerDroppedError';

  constructor(stream: string, group: string) {
    super(stream, group, `Subscription group ${group} on stream ${stream} was dropped.`);
  }
}

/** A part of a request is missing or invalid. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';

  constructor() {
    super('Exception was thrown by handler.');
  }
}

export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}
