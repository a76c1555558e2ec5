// @ts-check
// The session with the server: the token that every change needs. Where the session has ended or become another one
// since the page was opened, the page gets what is needed and asks once more, so that nothing on it is lost.

import { LostError, tellError } from "./connection.js";
import { all, one } from "./elements.js";
import { ReaderError } from "./strings.js";

let token = meta()?.content ?? "";
/** @type {Promise<boolean> | null} */
let renewal = null;

// What was asked needs a session: a token of the one there is, or that the password is given again.
export class SessionError extends ReaderError {}

/**
 * Runs `ask` with the token; where the session is another one meanwhile, or over, once more with that of a new one.
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
  const session = await ask("GET", "/api/session");
  use(session.token);
  return session.entered || login();
}

// Asks the reader for the password, until it is right or they would rather not.
function login() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("login-again"));
  if (!dialog) return false;
  const [form, problem] = [one(dialog, "form", HTMLFormElement), one(dialog, ".problem")];
  const password = one(dialog, "input", HTMLInputElement);
  problem.hidden = true;
  dialog.showModal();
  return new Promise((/** @type {(entered: boolean) => void} */ done) => {
    const closed = new AbortController();
    let entered = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const body = new URLSearchParams({ password: password.value });
        use((await ask("POST", "/login", body)).token);
        entered = true;
        dialog.close();
      } catch (error) {
        tellError(problem, error);
        password.select();
      }
    }, closed);
    one(dialog, '[type="button"]').addEventListener("click", () => dialog.close(), closed);
    dialog.addEventListener("close", () => {
      closed.abort();
      password.value = "";
      done(entered);
    }, closed);
  });
}

/**
 * @param {string} method
 * @param {string} url
 * @param {URLSearchParams} [body]
 * @returns {Promise<{token: string, entered: boolean}>}
 */
async function ask(method, url, body) {
  let answer;
  try {
    const headers = { Accept: "application/json", "X-CSRF-Token": token };
    const response = await fetch(url, { method, headers, body });
    answer = await response.json();
  } catch {
    throw new LostError();
  }
  if (answer.error) throw new ReaderError(answer.error);
  return answer;
}

/**
 * The token of the session there is now, also for the forms of this page.
 * @param {string} fresh
 */
function use(fresh) {
  token = fresh;
  const head = meta();
  if (head) head.content = fresh;
  for (const input of all(document, 'input[name="csrf"]')) /** @type {HTMLInputElement} */ (input).value = fresh;
}

function meta() {
  return /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="csrf"]'));
}
