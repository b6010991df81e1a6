/** A signal that is never aborted, for what a test does not cancel. */
export const { signal } = new AbortController();
