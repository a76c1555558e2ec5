// @ts-check
// Requests to the app's server; errors carry the server's sentence. A change needs the session's token: if a new session
// started since the page was opened, the page fetches its token and repeats the request.

import { all } from "./elements.js";
import { ReaderError, t } from "./strings.js";

const PATCHING_MS = 500; // until the page shows its own change

/**
 * @typedef {{error?: string, field?: string, remedy?: string, needs?: string, version?: string}} Refusal the
 *     server's answer: the message; the field at fault; `remedy` is "align" if the edited transcript must be aligned first;
 *     `needs` is "password" or "token" if the request lacked it; `version` is the present one of the details
 */

// The server refused a request, or did not answer.
export class RefusedError extends ReaderError {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.error ?? t("request.failed"));
    this.refusal = refusal;
  }
}

// The thing does not exist, or no longer.
export class GoneError extends RefusedError {}

// Somebody else changed the same thing meanwhile.
export class ClashError extends RefusedError {}

let token = meta("csrf")?.content ?? "";

/**
 * Send `body` (a Blob, or anything else as JSON) and return the JSON of the answer.
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<any>} the server's answer, in the shape of its route
 */
export async function send(method, url, body) {
  const response = await inSession((token) => request(method, url, body, token));
  return response.headers.get("Content-Type")?.startsWith("application/json") ? response.json() : {};
}

/** @param {string} url */
export const get = (url) => send("GET", url);

/**
 * Fetch in the background, without a request by the reader.
 * @param {string} url
 * @returns {Promise<any>}
 */
export const getQuietly = async (url) => (await request("GET", url)).json();

/**
 * Send `body` and return the answer as a Blob; fails like fetch if `signal` aborts it.
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
 * Return the error of an answer; the text of a proxy is not shown.
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
 * Run `ask` with the session's token; if a new session started, again with its token.
 * @template T
 * @param {(token: string) => Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function inSession(ask) {
  try {
    return await ask(token);
  } catch (error) {
    if (!(error instanceof RefusedError && error.refusal.needs)) throw error;
    const session = await getQuietly("/api/session");
    if (!session.entered) throw error; // its message asks to log in, in another tab
    token = session.token;
    for (const input of all(document, 'input[name="csrf"]')) /** @type {HTMLInputElement} */ (input).value = token;
    return ask(token);
  }
}

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`));
}
