/** Of what there is, so that not every request ends at an id which nobody knows. */
export interface Known {
  readonly orders: readonly string[];
  readonly products: readonly string[];
  readonly customers: readonly string[];
}

const list = (values: readonly string[]) => `{ values = ${JSON.stringify(values)} }`;
const often = (dictionary: string, probability: number) =>
  `{ dictionary = "${dictionary}", probability = ${probability} }`;

/**
 * Settings of schemathesis (TOML). Half of the ids and revisions exist. Requests wait only briefly for a position that was
 * never reached.
 */
export const settings = ({ orders, products, customers }: Known): string => `
[dictionaries]
orders = ${list(orders)}
products = ${list(products)}
customers = ${list(customers)}
patience = ${list(['0', '1'])}
revisions = ${list(['"0"', '"1"', '"9223372036854775807"'])}

[parameters]
"path.orderId" = ${often('orders', 0.5)}
"path.productId" = ${often('products', 0.5)}
"path.customerId" = ${often('customers', 0.5)}
"query.wait" = ${often('patience', 1)}
"header.if-match" = ${often('revisions', 0.5)}

# 412 and 422 answer what no document can tell beforehand: a revision that no longer holds, a product that nobody created,
# a total too large. A 504 is asked for, with a position that was never reached.
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "304", 401, 403, 404, 409, 412, 504]
negative_data_rejection.expected-statuses = ["4xx"]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 504]

# Streams without an end: their beginning is looked at.
[[operations]]
include-path-regex = "/live$"
request-timeout = 1
max-stream-events = 10

# Its cursors are made up, and no list made them.
[[operations]]
include-method = "GET"
checks.positive_data_acceptance.expected-statuses = ["2xx", "304", 400, 401, 403, 404, 504]

[[operations]]
include-name = ["POST /api/v1/orders", "POST /api/v1/inventory/items"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 409, 412, 422]
`;
