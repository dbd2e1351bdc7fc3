import { type ApiName, operations } from './operations.ts';

/** Where a request goes. */
export interface Target {
  readonly api: ApiName;
  /** The path as declared, for metrics and the access log: `/api/v1/orders/:orderId`. */
  readonly route: string;
}

/** What the table knows of a path. */
export type Found =
  | { readonly target: Target }
  /** The path exists, but not with this method. */
  | { readonly allowed: readonly string[]; readonly route: string };

interface Segment {
  readonly literal: Map<string, Segment>;
  parameter?: Segment;
  readonly targets: Map<string, Target>;
}

const newSegment = (): Segment => ({ literal: new Map(), targets: new Map() });

/** Finds the API of a request by method and path. A literal segment takes precedence over a parameter. */
export class RouteTable {
  readonly #root = newSegment();

  constructor(table: Readonly<Record<ApiName, readonly string[]>> = operations) {
    for (const api of ['command', 'query'] as const)
      for (const operation of table[api]) this.#add(api, operation);
  }

  /** Returns undefined for a path without any operation. `path` is as the client sent it, without the query. */
  find(method: string, path: string): Found | undefined {
    const segment = path.startsWith('/') ? walk(this.#root, path.slice(1).split('/'), 0) : undefined;
    if (segment === undefined) return undefined;
    const target = segment.targets.get(method);
    if (target !== undefined) return { target };
    const [{ route } = { route: path }] = segment.targets.values();
    return { allowed: [...segment.targets.keys(), 'OPTIONS'], route };
  }

  #add(api: ApiName, operation: string): void {
    const [method = '', route = ''] = operation.split(' ');
    let segment = this.#root;
    for (const name of route.slice(1).split('/')) segment = next(segment, name);
    for (const served of method === 'GET' ? ['GET', 'HEAD'] : [method])
      segment.targets.set(served, { api, route });
  }
}

function next(segment: Segment, name: string): Segment {
  if (name.startsWith(':')) {
    segment.parameter ??= newSegment();
    return segment.parameter;
  }
  const known = segment.literal.get(name) ?? newSegment();
  segment.literal.set(name, known);
  return known;
}

/** Returns the segment at the end of these names, if it has an operation. A parameter is never empty. */
function walk(segment: Segment, names: readonly string[], at: number): Segment | undefined {
  const name = names[at];
  if (name === undefined) return segment.targets.size > 0 ? segment : undefined;
  const literal = segment.literal.get(name);
  const found = literal && walk(literal, names, at + 1);
  if (found !== undefined || segment.parameter === undefined || name === '') return found;
  return walk(segment.parameter, names, at + 1);
}
