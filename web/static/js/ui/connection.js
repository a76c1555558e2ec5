// @ts-check
// The connection to the server: lost, and back.

import { ReaderError, messageOf, t } from "./strings.js";

const RETRY_MS = 2000;

// A request that no answer came to.
export class LostError extends ReaderError {
  constructor() { super(t("request.failed")); }
}

/** @type {Promise<void> | null} */
let back = null;

// Resolves once the server answers, whatever it says.
export function answering() { return (back ??= asking().finally(() => (back = null))); }

/**
 * Tells an error in a line of the page; that no answer came, until one does.
 * @param {HTMLElement} line
 * @param {unknown} error
 */
export function tellError(line, error) {
  const told = (line.textContent = messageOf(error));
  line.hidden = false;
  if (error instanceof LostError) answering().then(() => { if (line.textContent === told) line.hidden = true; });
}

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
