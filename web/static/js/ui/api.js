// @ts-check
// Requests to our own server; errors carry the sentence that it gave. A change needs the token of the session: if that is
// another one than when the page was opened, the page asks for it and sends the request again.

import { all } from "./elements.js";
import { ReaderError, t } from "./strings.js";

const PATCHING_MS = 500; // until a page shows what it has just changed

/**
 * @typedef {{error?: string, field?: string, mend?: string, needs?: string, version?: string}} Refusal what the
 *     server says: which field is to blame; "align" if the transcript's file was edited and must be aligned first; what the
 *     session lacks; of what version the details are now
 */

// The server refused a request, or did not answer.
export class RefusedError extends ReaderError {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.error ?? t("request.failed"));
    this.refusal = refusal;
  }
}

// It is not there, or no longer.
export class GoneError extends RefusedError {}

// Somebody else has changed the same meanwhile.
export class ClashError extends RefusedError {}

let token = meta("csrf")?.content ?? "";

/**
 * Send `body` (JSON, or a Blob as it is) and return the JSON of the answer.
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<any>} what our own server answers, of the shape that its route says
 */
export async function send(method, url, body) {
  const response = await inSession((token) => request(method, url, body, token));
  return response.headers.get("Content-Type")?.startsWith("application/json") ? response.json() : {};
}

/** @param {string} url */
export const get = (url) => send("GET", url);

/**
 * Ask for what the reader has not asked for.
 * @param {string} url
 * @returns {Promise<any>}
 */
export const look = async (url) => (await request("GET", url)).json();

/**
 * Send `body` and return the answer as a Blob; if `signal` ends it, it fails as fetch does.
 * @param {string} url
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
export async function fetchBlob(url, body, signal) {
  return (await inSession((token) => request("POST", url, body, token, signal))).blob();
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {string} [token]
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
async function request(method, url, body, token = "", signal) {
  const transcript = meta("transcript")?.content ?? ""; // whose words the page numbers; another one after a correction
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "X-CSRF-Token": token };
  if (transcript) headers["X-Transcript"] = transcript;
  const raw = body instanceof Blob || body === undefined;
  if (!raw) headers["Content-Type"] = "application/json";
  const response = await fetch(url, { method, headers, signal, body: raw ? body : JSON.stringify(body) }).catch((error) => {
    throw signal?.aborted ? error : refused(0, "");
  });
  if (response.ok) return response;
  if (response.status === 409 && method === "GET") { // perhaps a correction is on its way to the page
    await new Promise((done) => setTimeout(done, PATCHING_MS));
    if (transcript !== meta("transcript")?.content) return request(method, url, body, token, signal);
  }
  throw refused(response.status, await response.text());
}

/**
 * Return the error of an answer; a proxy's own words are not shown.
 * @param {number} status
 * @param {string} text
 */
export function refused(status, text) {
  /** @type {Refusal} */
  let refusal = {};
  try {
    refusal = JSON.parse(text);
  } catch { /* it is not our server's */ }
  const Kind = { 404: GoneError, 409: ClashError }[status] ?? RefusedError;
  return new Kind(refusal);
}

/**
 * Run `ask` with the token; if the session is another one by now, again with that of the new one.
 * @template T
 * @param {(token: string) => Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function inSession(ask) {
  try {
    return await ask(token);
  } catch (error) {
    if (!(error instanceof RefusedError && error.refusal.needs)) throw error;
    const session = await look("/api/session");
    if (!session.entered) throw error; // which tells to log in, in another tab
    token = session.token;
    for (const input of all(document, 'input[name="csrf"]')) /** @type {HTMLInputElement} */ (input).value = token;
    return ask(token);
  }
}

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`));
}
