// @ts-check
// The connection to the server: lost, and back.

import { ReaderError, t } from "./strings.js";

const RETRY_MS = 2000;

// A request that no answer came to.
export class LostError extends ReaderError {
  constructor() { super(t("request.failed")); }
}

// Resolves once the server answers, whatever it says.
export async function answering() {
  for (;;) {
    await new Promise((done) => setTimeout(done, RETRY_MS));
    try {
      await fetch("/api/jobs");
      return;
    } catch {
      continue; // it is away still
    }
  }
}
