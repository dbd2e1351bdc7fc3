import { z } from 'zod';

/** The parameter `fields` of a query that answers with such objects: some of their fields, with commas between them. */
export function fieldsParameter(schema: z.ZodObject) {
  const names = Object.keys(schema.shape);
  const name = `(?:${names.join('|')})`;
  const sentence = `is to be names of fields, with commas between them, among ${names.join(', ')}`;
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

/** The fields asked for, of those that there are; everything when none were asked for. */
export function onlyFields(whole: object, fields: readonly string[] | undefined): object {
  if (fields === undefined) return whole;
  return Object.fromEntries(Object.entries(whole).filter(([name]) => fields.includes(name)));
}
