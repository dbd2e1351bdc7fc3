interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly description?: string;
  readonly schema: { readonly type?: string; readonly minimum?: number; readonly maximum?: number };
}
interface Content {
  readonly [type: string]: { readonly example?: unknown };
}
interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
export interface OpenApi {
  readonly info: { readonly title: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Named {
  readonly name: string;
  readonly operation: Operation;
}

const operationsOf = ({ paths }: OpenApi): Named[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

/** Returns parameters without a description, and number parameters without bounds. */
export const undescribedParameters = (document: OpenApi): string[] =>
  operationsOf(document).flatMap(({ name, operation }) =>
    (operation.parameters ?? [])
      .filter(({ description = '', schema: { type, minimum, maximum } }) => {
        const isBounded = type !== 'integer' || (minimum !== undefined && maximum !== undefined);
        return description.length < 15 || !/^[A-Z`]/.test(description) || !isBounded;
      })
      .map((parameter) => `${name}: ${parameter.in} ${parameter.name}`),
  );

/** Returns the example of each request body, by operation; undefined when it has none. */
export const requestExamples = (document: OpenApi): { name: string; example: unknown }[] =>
  operationsOf(document).flatMap(({ name, operation: { requestBody } }) =>
    requestBody === undefined ? [] : [{ name, example: requestBody.content['application/json']?.example }],
  );

/** Returns successful JSON responses without an example. */
export const responsesWithoutExample = (document: OpenApi): string[] =>
  operationsOf(document)
    .filter(({ name }) => name.includes(' /api/'))
    .flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => status.startsWith('2'))
        .filter(([, { content }]) => {
          const json = content?.['application/json'];
          return json !== undefined && json.example === undefined;
        })
        .map(([status]) => `${name}: ${status}`),
    );

/** Returns summaries and descriptions that do not begin with a capital letter. */
export const uncapitalisedTexts = (document: OpenApi): string[] =>
  operationsOf(document).flatMap(({ name, operation }) =>
    [operation.summary, ...Object.values(operation.responses).map(({ description }) => description)]
      .filter((text) => !/^[A-Z0-9‘“`]/.test(text))
      .map((text) => `${name}: ${text}`),
  );
