// @ts-check
// Sends files to a place of their own on the server until something is made of them.

import { send } from "../ui/api.js";
import { LostError } from "../ui/connection.js";
import { SessionError, inSession } from "../ui/session.js";
import { ReaderError, t } from "../ui/strings.js";

/** @type {[unit: string, bytes: number][]} */
const UNITS = [["gigabytes", 1e9], ["megabytes", 1e6], ["kilobytes", 1e3]];

/**
 * A size as people say it; what is not empty is never said to be.
 * @param {number} bytes
 */
export function sizeOf(bytes) {
  const [unit, size] = UNITS.find(([, least]) => bytes >= least) ?? UNITS[UNITS.length - 1];
  const n = Math.max(bytes / size, bytes ? 0.1 : 0).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  return t(`add.${unit}`, { n });
}

// One page's uploads: `put` sends a file in the place of an earlier one of its kind.
export class Uploads {
  /** @type {Promise<string> | null} */
  #token = null;
  /** @type {Map<FileKind, XMLHttpRequest>} */
  #running = new Map();

  // The token that names these uploads, asked for once.
  token() {
    this.#token ??= this.#open();
    return this.#token;
  }

  // That token, if it was asked for.
  get opened() { return this.#token; }

  /**
   * Goes on with uploads that another page has begun.
   * @param {string | null} token
   */
  goOn(token) {
    this.#token = token ? Promise.resolve(token) : null;
  }

  async #open() {
    try {
      return (await send("POST", "/api/incoming")).token;
    } catch (error) {
      this.#token = null;
      throw error;
    }
  }

  /**
   * Sends `file` (at most `largest` bytes); `told` hears what share has gone. Returns what the server says of it.
   * @param {FileKind} kind
   * @param {File} file
   * @param {number} largest
   * @param {(share: number) => void} told
   * @returns {Promise<Received>}
   */
  async put(kind, file, largest, told) {
    if (file.size > largest) throw new ReaderError(tooLarge(kind, file.size, largest));
    const token = await this.token();
    this.#running.get(kind)?.abort();
    return inSession(async (csrf) => {
      const request = new XMLHttpRequest();
      this.#running.set(kind, request);
      try {
        return await sent(request, `/api/incoming/${token}/${kind}`, csrf, file, tooLarge(kind, file.size, largest), told);
      } finally {
        if (this.#running.get(kind) === request) this.#running.delete(kind);
      }
    });
  }

  /**
   * Takes back what was sent, or is on its way.
   * @param {FileKind} kind
   */
  async takeBack(kind) {
    this.#running.get(kind)?.abort();
    if (this.#token) await send("DELETE", `/api/incoming/${await this.#token}/${kind}`);
  }
}

/**
 * Sends the file; fetch tells nothing of how much has gone, this does.
 * @param {XMLHttpRequest} request
 * @param {string} url
 * @param {string} csrf
 * @param {File} file
 * @param {string} refusal where a proxy takes no file of that size
 * @param {(share: number) => void} told
 * @returns {Promise<Received>}
 */
function sent(request, url, csrf, file, refusal, told) {
  return new Promise((resolve, reject) => {
    request.open("PUT", url);
    request.responseType = "text";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => told(event.loaded / Math.max(1, file.size)));
    request.addEventListener("error", () => reject(new LostError()));
    request.addEventListener("abort", () => reject(new DOMException("another file took its place", "AbortError")));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status < 300) resolve(answer);
      else if (answer.needs) reject(new SessionError(answer.error));
      else if (request.status === 413 && !answer.error) reject(new ReaderError(refusal));
      else reject(new ReaderError(answer.error ?? t("request.failed")));
    });
    request.send(file);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // a proxy's own words, or none
  }
}

/**
 * @param {FileKind} kind
 * @param {number} size
 * @param {number} most
 */
const tooLarge = (kind, size, most) =>
  t(kind === "transcript" ? "add.too_large.transcript" : "add.too_large", { size: sizeOf(size), most: sizeOf(most) });
