// @ts-check
// The connection to the server: lost, and back.

import { ReaderError, t } from "./strings.js";

const RETRY_MS = 2000;

// A request that no answer came to.
export class LostError extends ReaderError {
  constructor() { super(t("request.failed")); }
}

/** @type {Promise<void> | null} */
let back = null;

// Resolves once the server answers, whatever it says.
export function answering() { return (back ??= asking().finally(() => (back = null))); }

async function asking() {
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
