const CLIENT = new URL('./payment-client.mjs', import.meta.url).href;

export const resolve = (specifier, context, next) =>
  specifier.endsWith('/payments/simulated-payments.js')
    ? { url: CLIENT, shortCircuit: true }
    : next(specifier, context);
