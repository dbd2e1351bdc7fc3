import { z } from 'zod';
import type { InputError } from './errors.ts';

/** An object's schema, made to refuse unknown names; one that does already keeps its identity in the OpenAPI document. */
export const refusingUnknown = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject && !(schema.def.catchall instanceof z.ZodNever) ? schema.strict() : schema;

/** As many as help to mend what was sent: an answer is not to be larger than what it answers. */
const mostErrors = 100;

/** What zod found first, by path; each unknown name is an error of its own, under its own path. */
export function inputErrors(error: z.ZodError): InputError[] {
  return error.issues
    .slice(0, mostErrors)
    .flatMap((issue): InputError[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, mostErrors)
            .map((key) => ({ path: pathOf([...issue.path, key]), message: 'is not known here' }))
        : [{ path: pathOf(issue.path), message: issue.message }],
    );
}

const pathOf = (path: readonly PropertyKey[]) => path.map(String).join('.');
