import { isInteger, isSafeNumber, parse } from 'lossless-json';
import { type Answer, type ApiRequest, targetOf } from './answer.ts';

/** Longer than the server waits for a read model, or queues a request. */
const TIMEOUT_MS = 30_000;
/** Names this program in the list of sessions. */
const USER_AGENT = 'orderstream command line';

/** The server could not be reached, or did not answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** The request may have been carried out: the connection broke after it was made. */
  readonly isUnknown: boolean;

  constructor(reason: string, isUnknown: boolean) {
    super(reason);
    this.isUnknown = isUnknown;
  }
}

/** Sends a request once. Returns the response, whatever its status. Throws `NoAnswer`. */
export async function sendOnce(server: string, request: ApiRequest, token?: string): Promise<Answer> {
  try {
    const response = await fetch(`${server}${targetOf(request)}`, {
      method: request.method,
      headers: { 'User-Agent': USER_AGENT, ...headersOf(request, token) },
      // A token must not follow a redirect to another server.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      body: bodyOf(text),
      position: response.headers.get('orderstream-position') ?? undefined,
      isBehind: response.headers.get('orderstream-behind') === 'true',
    };
  } catch (error) {
    throw noAnswer(server, error);
  }
}

/** Returns the headers of a request. */
export const headersOf = (
  { body, idempotencyKey, headers }: ApiRequest,
  token?: string,
): Record<string, string> => ({
  ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  ...(body !== undefined && { 'Content-Type': 'application/json' }),
  ...headers,
});

/** Parses a body as JSON; integers beyond 2^53 become bigints. A text that is no JSON is returned as it is. */
export function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return parse(text, null, {
      parseNumber: (digits) => (isSafeNumber(digits) || !isInteger(digits) ? Number(digits) : BigInt(digits)),
    });
  } catch {
    return text;
  }
}

/** The connection broke after the request was sent, perhaps wholly. */
const BROKEN = /^(TimeoutError|ECONNRESET|EPIPE|ETIMEDOUT|HPE_|UND_ERR_(?!CONNECT_TIMEOUT))/;

/** Returns the error of a failed `fetch`. */
export function noAnswer(server: string, error: unknown): NoAnswer {
  const cause = causeOf(error);
  const isUnknown = BROKEN.test(cause);
  if (cause === 'TimeoutError')
    return new NoAnswer(`${server} did not answer in ${TIMEOUT_MS / 1000} s`, isUnknown);
  if (cause === 'ECONNREFUSED') return new NoAnswer(`nothing listens at ${server}`, isUnknown);
  return new NoAnswer(`${server} cannot be reached: ${cause}`, isUnknown);
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return error.name;
  const { cause } = error;
  // Several addresses of one name: the first failure stands for all.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (!(first instanceof Error)) return error.message;
  return 'code' in first ? String(first.code) : first.message;
}
