import type { ServerResponse } from 'node:http';

export const sendEmpty = (response: ServerResponse, status: number): void => {
  response.writeHead(status).end();
};

export const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
};

/** Sends status 200 and the body as JSON. */
export const sendJson = (response: ServerResponse, body: unknown): void => {
  // Serialise before the header is sent: an error can then still become a 500.
  const json = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json' }).end(json);
};
