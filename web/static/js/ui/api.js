// @ts-check
// Requests to our own server; errors carry the sentence that it gave.

import { LostError } from "./connection.js";
import { SessionError, inSession } from "./session.js";
import { ReaderError, t } from "./strings.js";

const LONGEST_PATCH = 2000; // milliseconds until a page shows what it has just changed

// An error that one field of a form is to blame for.
export class FieldError extends ReaderError {
  /**
   * @param {string} message
   * @param {string} field
   */
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

// What was asked for is not there, or no longer.
export class GoneError extends ReaderError {}

// Another has changed meanwhile what was to be saved; `version` is what it is now.
export class ChangedError extends ReaderError {
  /**
   * @param {string} message
   * @param {string} version
   */
  constructor(message, version) {
    super(message);
    this.version = version;
  }
}

// The transcript's file was edited since it was aligned: it has to be aligned again before its text is changed.
export class OutdatedError extends ReaderError {}

// Another has changed meanwhile what was to be corrected; the page is to show that.
export class ClashError extends ReaderError {}

/**
 * Sends `body` (JSON, or a Blob as it is) and returns the JSON that comes back.
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<any>} what our own server answers, of the shape that its route says
 */
export async function send(method, url, body) {
  const response = await inSession((token) => request(method, url, body, token));
  return isJson(response) ? response.json() : {};
}

/** @param {string} url */
export const get = (url) => send("GET", url);

/**
 * The text of a file of ours.
 * @param {string} url
 */
export const getText = async (url) => (await inSession((token) => request("GET", url, undefined, token))).text();

/**
 * The same for what the page asks by itself: nobody is asked for the password.
 * @param {string} url
 * @returns {Promise<any>}
 */
export const look = async (url) => (await request("GET", url, undefined, "")).json();

/**
 * Sends `body` and returns what comes back as a Blob; ended by `signal`, it fails as fetch does.
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
 * @param {unknown} body
 * @param {string} token
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
async function request(method, url, body, token, signal) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "X-CSRF-Token": token };
  const transcript = meta("transcript"); // of which the page's words have their numbers; another one after a correction
  if (transcript) headers["X-Transcript"] = transcript;
  const raw = body instanceof Blob || body === undefined;
  if (!raw) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, signal, body: raw ? body : JSON.stringify(body) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new LostError();
  }
  if (response.ok) return response;
  // What is only asked, while the page is made to show another text, is asked of that once it is shown.
  if (response.status === 409 && method === "GET" && transcript && (await isAnother(transcript))) return request(method, url, body, token, signal);
  const answer = isJson(response) ? await response.json() : {};
  if (answer.needs) throw new SessionError(answer.error);
  if (answer.field) throw new FieldError(answer.error, answer.field);
  if (answer.mend === "align") throw new OutdatedError(answer.error);
  if (answer.version) throw new ChangedError(answer.error, answer.version);
  if (response.status === 409 && answer.error) throw new ClashError(answer.error);
  if (response.status === 404 && answer.error) throw new GoneError(answer.error);
  throw new ReaderError(answer.error ?? t("request.failed"));
}

/**
 * Whether the page shows another transcript than it did, or does so before long.
 * @param {string} before
 */
async function isAnother(before) {
  for (let waited = 0; waited < LONGEST_PATCH && meta("transcript") === before; waited += 50) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return meta("transcript") !== before;
}

/** @param {Response} response */
function isJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`))?.content ?? "";
}
