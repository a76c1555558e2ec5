// @ts-check
// Coming back to a page from another tab.

import { ReaderError } from "./strings.js";

/**
 * Call `ask` whenever the reader comes back, for what was changed elsewhere. What the server refuses then is not told.
 * @param {() => Promise<unknown>} ask
 */
export function onReturn(ask) {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask().catch((error) => { if (!(error instanceof ReaderError)) throw error; });
  });
}
