import { promisify } from 'node:util';
import express, { type Request, type Response } from 'express';
import { CallerQuota } from '../limits/caller-quota.ts';
import {
  BodyTooLarge,
  type InputError,
  InvalidBody,
  NotJson,
  Overloaded,
  RepeatedName,
  shownPath,
  UnsupportedMediaType,
} from '../response/errors.ts';
import { isJson } from './media-type.ts';
import { repeatedName } from './repeated-name.ts';
import { roundedTo } from './rounded-number.ts';

/** 1 MiB. */
export const bodyLimitBytes = 1024 * 1024;

/** Larger bodies have a quota of their own, smaller than that of small bodies. */
const smallBytes = 64 * 1024;
const large = new CallerQuota({ max: 64, maxPerCaller: 8 });
/** Quota per caller too: each body holds a connection while it arrives, and all callers share the connections. */
const small = new CallerQuota({ max: 4_000, maxPerCaller: 1_000 });

const readRaw = promisify(express.raw({ limit: bodyLimitBytes, type: () => true }));
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Returns the JSON body of a request; undefined when there is none.
 * Throws `UnsupportedMediaType`, `BodyTooLarge`, `NotJson`, `RepeatedName`, `InvalidBody` or `Overloaded`.
 * `JSON.parse` makes `__proto__` an own key like any other, so the schemas see and reject it.
 */
export async function readJsonBody(req: Request, res: Response, caller: string): Promise<unknown> {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = req.headers;
  const empty = encoding === undefined && (length === undefined || Number(length) === 0);
  if (empty) return undefined;
  if (!isJson(type))
    throw new UnsupportedMediaType(
      `application/json is expected, not ${type ?? 'a body without content-type'}`,
    );
  const isSmall = Number(length) <= smallBytes && req.headers['content-encoding'] === undefined;
  const bytes = await bodyWithin(isSmall ? small : large, caller, req, res);
  if (bytes.length === 0) return undefined;
  const { text, value } = parsed(bytes);
  if (bytes.length > smallBytes) rejectManyEntries(value);
  rejectMisread(text);
  return value;
}

/** Rejects what `JSON.parse` silently changes. Throws `RepeatedName`, or `InvalidBody` for the first rounded number. */
function rejectMisread(text: string): void {
  let rounded: InputError | undefined;
  const repeated = repeatedName(text, (number, path) => {
    const value = rounded === undefined ? roundedTo(number) : undefined;
    if (value === undefined) return;
    const message = `cannot be represented exactly; it would be rounded to ${value}`;
    rounded = { path: shownPath(path()), message };
  });
  if (repeated !== undefined) throw new RepeatedName(repeated);
  if (rounded !== undefined) throw new InvalidBody([rounded]);
}

function parsed(bytes: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = utf8.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (error) {
    throw new NotJson(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Maximum number of fields and entries of a body: 1 MiB holds half a million, and validating them takes seconds. */
const MAX_ENTRIES = 40_000;

/** Throws `InvalidBody`. A loop instead of a recursion, since nesting may be as deep as the body is long. */
function rejectManyEntries(body: unknown): void {
  const toCount = [body];
  for (let entries = 0; toCount.length > 0; ) {
    const value = toCount.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inside = Object.values(value);
    entries += inside.length;
    if (entries > MAX_ENTRIES)
      throw new InvalidBody([{ path: '', message: `has more than ${MAX_ENTRIES} fields and entries` }]);
    for (const each of inside) toCount.push(each);
  }
}

async function bodyWithin(quota: CallerQuota, caller: string, req: Request, res: Response): Promise<Buffer> {
  if (quota.enter(caller) !== undefined) throw new Overloaded();
  try {
    await readRaw(req, res);
    return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  } catch (error) {
    throw translate(error);
  } finally {
    quota.leave(caller);
  }
}

/** Translates an error of body-parser. */
function translate(error: unknown): unknown {
  if (!(error instanceof Error) || !('type' in error)) return error;
  switch (error.type) {
    case 'entity.too.large':
      return new BodyTooLarge(bodyLimitBytes);
    case 'encoding.unsupported':
      return new UnsupportedMediaType(error.message);
    default:
      return new NotJson(`the body cannot be read: ${error.message}`);
  }
}

/** Returns the error for an absent body where one is required. */
export const missingBody = () => new NotJson('the body is empty: JSON is expected');
