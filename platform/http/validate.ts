import { z } from 'zod';
import type { InputError } from './errors.ts';

/** An object's schema, made to refuse unknown names; one that does already keeps its identity in the OpenAPI document. */
export const refusingUnknown = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject && !(schema.def.catchall instanceof z.ZodNever) ? schema.strict() : schema;

/** What zod found, by path; each unknown name is an error of its own, under its own path. */
export function inputErrors(error: z.ZodError): InputError[] {
  return error.issues.flatMap((issue): InputError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'is not known here' }))
      : [{ path: pathOf(issue.path), message: issue.message }],
  );
}

const pathOf = (path: readonly PropertyKey[]) => path.map(String).join('.');
