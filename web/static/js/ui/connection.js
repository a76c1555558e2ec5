// @ts-check
// Errors of requests, told in a line of the page.

import { ReaderError, messageOf, t } from "./strings.js";

// A request without an answer.
export class LostError extends ReaderError {
  constructor() { super(t("request.failed")); }
}

/**
 * Tell an error in a line of the page.
 * @param {HTMLElement} line
 * @param {unknown} error
 */
export function tellError(line, error) {
  line.textContent = messageOf(error);
  line.hidden = false;
}
