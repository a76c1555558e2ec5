// @ts-check
// Uploads files to a temporary folder on the server.

import { inSession, refused, send } from "../ui/api.js";
import { ReaderError, t } from "../ui/strings.js";

/** @type {[unit: string, bytes: number][]} */
const UNITS = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3]];

/** Format a size; only an empty file has size 0. @param {number} bytes */
export function sizeOf(bytes) {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? UNITS[UNITS.length - 1];
  const style = /** @type {const} */ ({ style: "unit", unit, maximumFractionDigits: 1 });
  const shown = new Intl.NumberFormat(document.documentElement.lang, style).format(Math.max(bytes / size, bytes ? 0.1 : 0));
  return shown.replace(/\s/g, "\u00a0");
}

// The uploads of a page: `put` sends a file in place of an earlier one of its kind.
export class Uploads {
  /** @type {Promise<string> | null} */
  #token = null;
  /** @type {Map<FileKind, XMLHttpRequest>} */
  #running = new Map();

  // The token of these uploads, requested once.
  token() {
    this.#token ??= send("POST", "/api/incoming").then(({ token }) => token, (error) => {
      this.#token = null;
      throw error;
    });
    return this.#token;
  }

  /**
   * Send `file` (at most `largest` bytes); `report` is called with the share sent. Return the server's answer.
   * @param {FileKind} kind
   * @param {File} file
   * @param {number} largest
   * @param {(share: number) => void} report
   * @returns {Promise<Received>}
   */
  async put(kind, file, largest, report) {
    if (file.size > largest) {
      const key = kind === "transcript" ? "add.too_large.transcript" : "add.too_large";
      throw new ReaderError(t(key, { size: sizeOf(file.size), most: sizeOf(largest) }));
    }
    const url = `/api/incoming/${await this.token()}/${kind}`;
    this.#running.get(kind)?.abort();
    return inSession(async (csrf) => {
      const request = new XMLHttpRequest(); // fetch does not report progress
      this.#running.set(kind, request);
      request.open("PUT", url);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRF-Token", csrf);
      request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => report(event.loaded / Math.max(1, file.size)));
      await new Promise((resolve, reject) => {
        request.addEventListener("error", () => reject(refused(0, "")));
        request.addEventListener("abort", () => reject(new DOMException("another file took its place", "AbortError")));
        request.addEventListener("load", resolve);
        request.send(file);
      });
      if (request.status < 300) return JSON.parse(request.responseText);
      throw refused(request.status, request.responseText);
    });
  }

  /** Delete an upload, or cancel it. @param {FileKind} kind */
  async takeBack(kind) {
    this.#running.get(kind)?.abort();
    if (this.#token) await send("DELETE", `/api/incoming/${await this.#token}/${kind}`);
  }
}
