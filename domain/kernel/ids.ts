import { z } from 'zod';

/** A stock code; case-sensitive. No slash, no control character, no space at either end. */
export const ProductId = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._ -]{0,62}[A-Za-z0-9._-])?$/,
    'a productId is 1 to 64 of letters, digits, ".", "_", "-" and inner spaces, starting with a letter or digit',
  )
  .brand<'ProductId'>();
export type ProductId = z.output<typeof ProductId>;

/** New orders have UUIDs. Requests accept any short text that is safe in a stream name. */
export const OrderId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'an orderId is 1 to 64 of letters, digits, ".", "_" and "-"')
  .brand<'OrderId'>();
export type OrderId = z.output<typeof OrderId>;

/** The rule of a customerId, for error messages. */
export const customerIdRule =
  '1 to 128 visible ASCII characters without / \\ ? # % " < >, not beginning with $, not dots alone';

/** Also the `sub` of a token: `me`, `auth0|5f7c`, `ann@example.com`, `urn:uuid:…`. Safe in a path once percent-encoded. */
export const CustomerId = z
  .string()
  .regex(/^(?!\$)(?!\.+$)[!$&'()*+,\-.0-9:;=@A-Z[\]^_`a-z{|}~]{1,128}$/, `a customerId is ${customerIdRule}`)
  .brand<'CustomerId'>();
export type CustomerId = z.output<typeof CustomerId>;

/** Each throws `ZodError` for an invalid id. */
export const productId = (text: string): ProductId => ProductId.parse(text);
export const orderId = (text: string): OrderId => OrderId.parse(text);
export const customerId = (text: string): CustomerId => CustomerId.parse(text);
