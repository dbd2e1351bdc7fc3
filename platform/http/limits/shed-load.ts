import type { RequestListener, ServerResponse } from 'node:http';
import { Overloaded } from '../response/errors.ts';
import { kitProblems, problemBody, problemFor, unexpected } from '../response/problems.ts';
import type { Admission } from './admission.ts';

const { status, headers, ...problem } = problemFor(kitProblems, new Overloaded()) ?? unexpected;
const body = JSON.stringify(problemBody({ status, ...problem }));

/** Responds with 503 at almost no cost: under overload, most requests get this response. */
export function sendOverloaded(response: ServerResponse, more: Readonly<Record<string, string>> = {}): void {
  response
    .writeHead(status, {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      ...headers,
      ...more,
    })
    .end(body);
}

/** Wraps `serve`: requests of the API get 503 while `admission` sheds load. Calls `onShed` for each of them. */
export const shedLoad =
  (admission: Pick<Admission, 'sheds'>, onShed: () => void, serve: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url?.startsWith('/api/') && admission.sheds()) {
      onShed();
      sendOverloaded(response);
    } else serve(request, response);
  };
