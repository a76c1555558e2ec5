// @ts-check
// Coming back to a page that was out of view: from another tab, or by the browser's ways back and forward.

import { LostError, answering } from "./connection.js";
import { ReaderError } from "./strings.js";

/**
 * Calls `ask` whenever the reader comes back, for what was changed elsewhere meanwhile. What cannot be asked now is let
 * be: the page stays as it is, and says why with the next thing that the reader does. A server that does not answer is
 * asked when it does again.
 * @param {() => Promise<unknown>} ask
 */
export function onReturn(ask) {
  /** @returns {Promise<unknown>} */
  const asked = () => ask().catch((error) => {
    if (error instanceof LostError) answering().then(asked);
    else if (!(error instanceof ReaderError)) throw error;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) asked(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) asked(); });
}
