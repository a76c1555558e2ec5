// @ts-check
// Requests to our own server; errors carry the sentence that it gave. Every change needs the token of the session: where
// that has ended or become another one since the page was opened, the page gets what is needed and asks once more, so
// that nothing on it is lost.

import { LostError, tellError } from "./connection.js";
import { all, one } from "./elements.js";
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

// The transcript's file was edited since it was aligned: it has to be aligned again before its text is changed.
export class OutdatedError extends ReaderError {}

// Another has changed meanwhile what was to be corrected; the page is to show that.
export class ClashError extends ReaderError {}

// What was asked needs a session: a token of the one there is, or that the password is given again.
class SessionError extends ReaderError {}

let token = meta("csrf")?.content ?? "";
/** @type {Promise<boolean> | null} */
let renewal = null;

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
 * @param {unknown} [body]
 * @param {string} [token]
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
async function request(method, url, body, token = "", signal) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "X-CSRF-Token": token };
  const transcript = meta("transcript")?.content; // of which the page's words have their numbers; another one after a correction
  if (transcript) headers["X-Transcript"] = transcript;
  const raw = body instanceof Blob || body instanceof URLSearchParams || body === undefined;
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
  throw thrown(response.status, parseAnswer(await response.text()));
}

/**
 * What the server answers as JSON; nothing of a proxy's own words.
 * @param {string} text
 * @returns {Record<string, string | undefined>}
 */
export function parseAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * The error that an answer is.
 * @param {number} status
 * @param {Record<string, string | undefined>} answer
 */
export function thrown(status, { error, needs, field, mend }) {
  if (!error) return new ReaderError(t("request.failed"));
  if (needs) return new SessionError(error);
  if (field) return new FieldError(error, field);
  if (mend === "align") return new OutdatedError(error);
  if (status === 409) return new ClashError(error);
  return status === 404 ? new GoneError(error) : new ReaderError(error);
}

/**
 * Whether the page shows another transcript than it did, or does so before long.
 * @param {string} before
 */
async function isAnother(before) {
  for (let waited = 0; waited < LONGEST_PATCH && meta("transcript")?.content === before; waited += 50) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return meta("transcript")?.content !== before;
}

/**
 * Run `ask` with the token; where the session is another one meanwhile, or over, once more with that of a new one.
 * @template T
 * @param {(token: string) => Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function inSession(ask) {
  try {
    return await ask(token);
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    renewal ??= renewed().finally(() => (renewal = null));
    if (!(await renewal)) throw error;
    return ask(token);
  }
}

// Whether there is a session again.
async function renewed() {
  const session = await look("/api/session");
  use(session.token);
  return session.entered || login();
}

// Asks the reader for the password, until it is right or they would rather not.
function login() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("login-again"));
  if (!dialog) return false;
  const form = one(dialog, "form", HTMLFormElement), problem = one(dialog, ".problem");
  const password = one(dialog, "input", HTMLInputElement);
  let entered = false;
  problem.hidden = true;
  form.onsubmit = async (event) => {
    event.preventDefault();
    try {
      const body = new URLSearchParams({ password: password.value });
      use((await (await request("POST", "/login", body, token)).json()).token);
      entered = true;
      dialog.close();
    } catch (error) {
      tellError(problem, error);
      password.select();
    }
  };
  one(dialog, '[type="button"]').onclick = () => dialog.close();
  dialog.showModal();
  return new Promise((/** @type {(entered: boolean) => void} */ done) => {
    dialog.addEventListener("close", () => {
      password.value = "";
      done(entered);
    }, { once: true });
  });
}

/**
 * Use the token of the session there is now, also in the forms of this page.
 * @param {string} fresh
 */
function use(fresh) {
  token = fresh;
  const head = meta("csrf");
  if (head) head.content = fresh;
  for (const input of all(document, 'input[name="csrf"]')) /** @type {HTMLInputElement} */ (input).value = fresh;
}

/** @param {Response} response */
function isJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${name}"]`));
}
