import type { ApiName } from '../routes/operations.ts';
import { RouteTable } from '../routes/route-table.ts';

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly security?: readonly object[];
}

const table = new RouteTable();

/**
 * Merges the OpenAPI documents of both APIs into one of the gateway: the operations that it forwards, each from the API that
 * serves it.
 */
export function mergedOpenApi(documents: Readonly<Record<ApiName, OpenApi>>): object {
  const command = documents.command;
  const query = withNamesApart(documents.query, command);
  return {
    openapi: command.openapi,
    info: {
      title: 'Orderstream',
      version: command.info.version,
      description:
        'Commands and queries at one address. Commands respond with the log position that they reached. Queries of the same session wait up to 2 s until they show the last command; if they do not show it then, the response has `Orderstream-Behind: true`.',
    },
    paths: merge(servedBy('command', command), servedBy('query', query)),
    ...(command.security !== undefined && { security: command.security }),
    components: merge(command.components ?? {}, query.components ?? {}),
  };
}

/** Returns the operations that the gateway forwards to this API. */
function servedBy(api: ApiName, { paths }: OpenApi): Record<string, Record<string, object>> {
  const served: Record<string, Record<string, object>> = {};
  for (const [path, operations] of Object.entries(paths))
    for (const [method, operation] of Object.entries(operations)) {
      const found = table.find(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
      if (found === undefined || !('target' in found) || found.target.api !== api) continue;
      served[path] = { ...served[path], [method]: operation };
    }
  return served;
}

/** Merges two levels: paths with their operations, kinds of components with their names. */
function merge<Inner extends object>(
  one: Readonly<Record<string, Inner>>,
  other: Readonly<Record<string, Inner>>,
): Record<string, Inner> {
  const merged: Record<string, Inner> = { ...one };
  for (const [key, inner] of Object.entries(other)) merged[key] = { ...merged[key], ...inner };
  return merged;
}

/** Renames the schemas of a document whose name is another schema's in the other document. */
function withNamesApart(document: OpenApi, other: OpenApi): OpenApi {
  const schemas = document.components?.schemas ?? {};
  const others = other.components?.schemas ?? {};
  const clashes = Object.keys(schemas).filter(
    (name) => name in others && JSON.stringify(schemas[name]) !== JSON.stringify(others[name]),
  );
  const renamed = clashes.reduce(
    (text, name) =>
      text.replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/Queried${name}"`),
    JSON.stringify(document),
  );
  const result = JSON.parse(renamed);
  for (const name of clashes) {
    result.components.schemas[`Queried${name}`] = result.components.schemas[name];
    delete result.components.schemas[name];
  }
  return result;
}
