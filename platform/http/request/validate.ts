import { z } from 'zod';
import { escapeInvisible } from '../../invisible-characters.ts';
import type { InputError } from '../response/errors.ts';

/** Makes an object schema reject unknown names. A schema that already does is returned itself, for its name in OpenAPI. */
export const rejectUnknown = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject && !(schema.def.catchall instanceof z.ZodNever) ? schema.strict() : schema;

/** `safeParse` with the details that `inputErrors` needs: the value, and the known names beside an unknown one. */
export const parseInput = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, {
    reportInput: true,
    error: ({ code, inst }) =>
      code === 'unrecognized_keys' && inst instanceof z.ZodObject ? unknownAmong(inst.shape) : undefined,
  });

const unknownAmong = (shape: object): string => {
  const known = Object.keys(shape).join(', ');
  return known === '' ? 'is unknown; nothing is allowed here' : `is unknown; allowed: ${known}`;
};

/** Maximum number of errors: a response must not be larger than its request. */
const MAX_ERRORS = 100;

/** Returns the first errors that zod found. Each unknown name is an error of its own, with its own path. */
export function inputErrors(error: z.ZodError): InputError[] {
  return error.issues
    .slice(0, MAX_ERRORS)
    .flatMap((issue): InputError[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, MAX_ERRORS)
            .map((key) => ({ path: pathOf([...issue.path, key]), message: issue.message }))
        : [{ path: pathOf(issue.path), message: sentence(issue) }],
    );
}

const pathOf = (path: readonly PropertyKey[]) => path.map(String).join('.');

function sentence(issue: z.core.$ZodIssue): string {
  const { code, message, input } = issue;
  if (input === undefined && code === 'invalid_type') return `is missing: ${issue.expected} expected`;
  return `${message}${notValue(input)}`;
}

const MAX_SHOWN = 80;

/** Returns `, not <value>` as the end of a sentence about what is allowed; nothing for null, objects and lists. */
export function notValue(value: unknown): string {
  if (value === undefined || typeof value === 'object') return '';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `, not ${escapeInvisible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)}`;
}
