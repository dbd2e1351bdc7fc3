// Replaces the simulated payments of a process (see `payment-client-hooks.mjs`): calls the test's payment provider over
// HTTP, which keeps its records when the process is killed.
const post = async (call, request, signal) => {
  try {
    const response = await fetch(new URL(call, process.env.PAYMENT_SERVER_URL), {
      method: 'POST',
      body: JSON.stringify(request),
      signal,
    });
    return await response.json();
  } catch (error) {
    return { outcome: 'unknown', reason: String(error) };
  }
};

export const simulatedPayments = () => ({
  capture: (request, signal) => post('capture', request, signal),
  settle: (request, signal) => post('settle', request, signal),
  refund: (request, signal) => post('refund', request, signal),
});
