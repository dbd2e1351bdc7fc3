import type { RequestListener, ServerResponse } from 'node:http';
import { Overloaded } from '../response/errors.ts';
import { kitProblems, problemBody, problemFor, unexpected } from '../response/problems.ts';
import type { Admission } from './admission.ts';

const { status, headers, ...problem } = problemFor(kitProblems, new Overloaded()) ?? unexpected;
const body = JSON.stringify(problemBody({ status, ...problem }));

/** 503 at next to no cost: where too many come, most of them get it. */
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

/** `serve`, before which requests of the API are refused while `admission` would let nobody in. `onRefused` is told of each. */
export const shedLoad =
  (admission: Pick<Admission, 'sheds'>, onRefused: () => void, serve: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url?.startsWith('/api/') && admission.sheds()) {
      onRefused();
      sendOverloaded(response);
    } else serve(request, response);
  };
