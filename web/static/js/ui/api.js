// @ts-check
// Requests to our own server; errors carry the sentence that it gave.

import { ReaderError, t } from "./strings.js";

const token = meta("csrf");
const transcript = meta("transcript"); // of which the page's words have their numbers

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

/**
 * Sends `body` (JSON, or a Blob as it is) and returns the JSON that comes back.
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @returns {Promise<any>} what our own server answers, of the shape that its route says
 */
export async function send(method, url, body) {
  const response = await request(method, url, body);
  return isJson(response) ? response.json() : {};
}

/** @param {string} url */
export const get = (url) => send("GET", url);

/**
 * Sends `body` and returns what comes back as a Blob.
 * @param {string} url
 * @param {unknown} body
 */
export async function fetchBlob(url, body) {
  return (await request("POST", url, body)).blob();
}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} body
 * @returns {Promise<Response>}
 */
async function request(method, url, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "X-CSRF-Token": token };
  if (transcript) headers["X-Transcript"] = transcript;
  const raw = body instanceof Blob || body === undefined;
  if (!raw) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, body: raw ? body : JSON.stringify(body) });
  } catch {
    throw new ReaderError(t("request.failed"));
  }
  if (response.ok) return response;
  const answer = isJson(response) ? await response.json() : {};
  if (answer.field) throw new FieldError(answer.error, answer.field);
  if (answer.version) throw new ChangedError(answer.error, answer.version);
  throw new ReaderError(answer.error ?? t("request.failed"));
}

/** @param {Response} response */
function isJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`))?.content ?? "";
}
