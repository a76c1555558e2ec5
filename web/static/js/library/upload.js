// @ts-check
// Sends files to a place of their own on the server until something is made of them.

import { inSession, parseAnswer, send, thrown } from "../ui/api.js";
import { LostError } from "../ui/connection.js";
import { ReaderError, t } from "../ui/strings.js";

/** @type {[unit: string, bytes: number][]} */
const UNITS = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3]];

/**
 * A size as people write it; what is not empty is never said to be.
 * @param {number} bytes
 */
export function sizeOf(bytes) {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? UNITS[UNITS.length - 1];
  const style = /** @type {const} */ ({ style: "unit", unit, maximumFractionDigits: 1 });
  const shown = new Intl.NumberFormat(document.documentElement.lang, style).format(Math.max(bytes / size, bytes ? 0.1 : 0));
  return shown.replace(/\s/g, "\u00a0");
}

// One page's uploads: `put` sends a file in the place of an earlier one of its kind.
export class Uploads {
  /** @type {Promise<string> | null} */
  #token;
  /** @type {Map<FileKind, XMLHttpRequest>} */
  #running = new Map();

  /** @param {string} [token] of an upload that another page has begun */
  constructor(token) {
    this.#token = token ? Promise.resolve(token) : null;
  }

  // The token that names these uploads, asked for once.
  token() {
    this.#token ??= send("POST", "/api/incoming").then(({ token }) => token, (error) => {
      this.#token = null;
      throw error;
    });
    return this.#token;
  }

  /**
   * Send `file` (at most `largest` bytes); `report` is called with what share has gone. Returns the server's answer.
   * @param {FileKind} kind
   * @param {File} file
   * @param {number} largest
   * @param {(share: number) => void} report
   * @returns {Promise<Received>}
   */
  async put(kind, file, largest, report) {
    if (file.size > largest) throw new ReaderError(tooLarge(kind, file.size, largest));
    const url = `/api/incoming/${await this.token()}/${kind}`;
    this.#running.get(kind)?.abort();
    return inSession(async (csrf) => {
      const request = new XMLHttpRequest();
      this.#running.set(kind, request);
      const { status, text } = await sent(request, url, csrf, file, report);
      if (status < 300) return JSON.parse(text);
      const answer = parseAnswer(text);
      throw status === 413 && !answer.error ? new ReaderError(tooLarge(kind, file.size, largest)) : thrown(status, answer);
    });
  }

  /**
   * Take back what was sent, or is on its way.
   * @param {FileKind} kind
   */
  async takeBack(kind) {
    this.#running.get(kind)?.abort();
    if (this.#token) await send("DELETE", `/api/incoming/${await this.#token}/${kind}`);
  }
}

/**
 * Send a file; fetch does not report how much has gone, this does.
 * @param {XMLHttpRequest} request
 * @param {string} url
 * @param {string} csrf
 * @param {File} file
 * @param {(share: number) => void} report
 * @returns {Promise<{status: number, text: string}>}
 */
function sent(request, url, csrf, file, report) {
  return new Promise((resolve, reject) => {
    request.open("PUT", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => report(event.loaded / Math.max(1, file.size)));
    request.addEventListener("error", () => reject(new LostError()));
    request.addEventListener("abort", () => reject(new DOMException("another file took its place", "AbortError")));
    request.addEventListener("load", () => resolve({ status: request.status, text: request.responseText }));
    request.send(file);
  });
}

/**
 * @param {FileKind} kind
 * @param {number} size
 * @param {number} most
 */
const tooLarge = (kind, size, most) =>
  t(kind === "transcript" ? "add.too_large.transcript" : "add.too_large", { size: sizeOf(size), most: sizeOf(most) });
