// In the place of the simulated payments (`bank-hooks.mjs`): the bank that the test keeps, and that no kill reaches.
const ask = async (what, request, signal) => {
  try {
    const answer = await fetch(new URL(what, process.env.BANK_URL), {
      method: 'POST',
      body: JSON.stringify(request),
      signal,
    });
    return await answer.json();
  } catch (error) {
    return { outcome: 'unknown', reason: String(error) };
  }
};

export const simulatedPayments = () => ({
  capture: (request, signal) => ask('capture', request, signal),
  settle: (request, signal) => ask('settle', request, signal),
  refund: (request, signal) => ask('refund', request, signal),
});
