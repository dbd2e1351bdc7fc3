import type { HttpResponse } from '../../../support/http.ts';

/** An acknowledged order, and the outcomes that the responses to its customer allow. */
export interface AcknowledgedOrder {
  readonly orderId: string;
  readonly key: string;
  readonly body: unknown;
  allowedStatuses: readonly string[];
  isRefunded: boolean;
}

/** A response that no customer may get. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse';

  constructor(request: string, { status, body }: HttpResponse) {
    super(`${request}: unexpected response ${status} ${JSON.stringify(body)}`);
  }
}
