import { z } from 'zod';

/** Returns the schema of the parameter `fields`: comma-separated names of fields of the response. */
export function fieldsParameter(schema: z.ZodObject) {
  const names = Object.keys(schema.shape);
  const name = `(?:${names.join('|')})`;
  const sentence = `must be comma-separated names of fields among ${names.join(', ')}`;
  return z
    .string()
    .regex(new RegExp(`^${name}(?:,${name})*$`), sentence)
    .transform((text) => text.split(','))
    .optional()
    .meta({
      description: `Comma-separated names of the fields to return; all when absent: ${names.join(', ')}.`,
      example: names.slice(0, 2).join(','),
    });
}

/** Returns an object with the requested fields only; all fields when none are requested. */
export function onlyFields(whole: object, fields: readonly string[] | undefined): object {
  if (fields === undefined) return whole;
  return Object.fromEntries(Object.entries(whole).filter(([name]) => fields.includes(name)));
}
