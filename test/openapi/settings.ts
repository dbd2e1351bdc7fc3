/** Ids that exist, so that not every generated request gets a 404. */
export interface KnownIds {
  readonly orders: readonly string[];
  readonly products: readonly string[];
  readonly customers: readonly string[];
}

const list = (values: readonly string[]) => `{ values = ${JSON.stringify(values)} }`;
const sometimes = (dictionary: string, probability: number) =>
  `{ dictionary = "${dictionary}", probability = ${probability} }`;

/**
 * Settings of schemathesis (TOML). Half of the ids and revisions exist. Requests wait only briefly for a position that was
 * never reached.
 */
export const settings = ({ orders, products, customers }: KnownIds): string => `
[dictionaries]
orders = ${list(orders)}
products = ${list(products)}
customers = ${list(customers)}
waits = ${list(['0', '1'])}
revisions = ${list(['"0"', '"1"', '"9223372036854775807"'])}

[parameters]
"path.orderId" = ${sometimes('orders', 0.5)}
"path.productId" = ${sometimes('products', 0.5)}
"path.customerId" = ${sometimes('customers', 0.5)}
"query.wait" = ${sometimes('waits', 1)}
"header.if-match" = ${sometimes('revisions', 0.5)}

# An OpenAPI document cannot express the causes of some 412 and 422 responses: a stale revision, an unknown product, a total
# that is too large. The 504 responses come from generated positions that no read model reaches.
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "304", 401, 403, 404, 409, 412, 504]
negative_data_rejection.expected-statuses = ["4xx"]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 504]

# Endless streams: only the first events are read.
[[operations]]
include-path-regex = "/live$"
request-timeout = 1
max-stream-events = 10

# Generated cursors, which no list returned, are rejected with 400.
[[operations]]
include-method = "GET"
checks.positive_data_acceptance.expected-statuses = ["2xx", "304", 400, 401, 403, 404, 504]

[[operations]]
include-name = ["POST /api/v1/orders", "POST /api/v1/inventory/items"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 409, 412, 422]

# A picture of an origin that is not permitted.
[[operations]]
include-name = ["PATCH /api/v1/inventory/items/{productId}"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 412, 422]

# Nor can it express what an e-mail address is, which tokens of links are valid, and which passwords are common. 429: many
# passwords wait for the hasher.
[[operations]]
include-path-regex = "/(accounts|password-resets)"
checks.positive_data_acceptance.expected-statuses = ["2xx", "304", 400, 401, 403, 404, 409, 412, 422, 429, 504]

# Log-ins with the same address that failed too often.
[[operations]]
include-name = ["POST /api/v1/sessions"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 429]
`;
