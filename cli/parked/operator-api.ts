import { request } from 'undici';

/** The command API does not answer, or answers with an error. */
export class ParkedRequestFailed extends Error {
  override readonly name = 'ParkedRequestFailed';
  /** Absent when nothing answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** A parked item, as the command API lists it. */
export interface ParkedItem {
  readonly id: string;
  readonly group: string;
  readonly kind: string;
  readonly stream: string;
  readonly revision?: string;
  readonly type?: string;
  readonly orderId?: string;
  readonly reason: string;
  readonly detail: string;
  readonly firstAt: string;
  readonly at: string;
  readonly times: number;
  readonly status: string;
}

/** The operators' requests of a command API. Each throws `ParkedRequestFailed`. */
export interface OperatorApi {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}
// The caller knows the shape of each body.
type Answer = Record<string, unknown>;

export function operatorApi(commandUrl: string, token: string): OperatorApi {
  const send = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> => {
    const url = `${commandUrl}/api/v1/parked${path}`;
    const answered = await request(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      throw new ParkedRequestFailed(`no answer from the command API at ${commandUrl}: ${error.message}`);
    });
    const text = await answered.body.text();
    if (answered.statusCode === 200) return JSON.parse(text);
    throw new ParkedRequestFailed(detailOf(text, answered.statusCode), answered.statusCode);
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    delete: (path) => send('DELETE', path),
  };
}

/** Returns the detail of a problem, or a sentence with the status. */
function detailOf(text: string, status: number): string {
  try {
    const { detail, title } = JSON.parse(text) as { readonly detail?: string; readonly title?: string };
    return detail ?? title ?? `the command API answered ${status}`;
  } catch {
    return `the command API answered ${status}`;
  }
}
