// Requests to our own server; errors carry the sentence that it gave.

import { t } from "./strings.js";

const token = document.querySelector('meta[name="csrf"]').content;

// An error that one field of a form is to blame for.
export class FieldError extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

// Sends `body` (JSON, or a Blob as it is) and returns the JSON that comes back.
export async function send(method, url, body) {
  const raw = body instanceof Blob;
  const headers = { Accept: "application/json", "X-CSRF-Token": token };
  if (body !== undefined && !raw) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, body: raw || body === undefined ? body : JSON.stringify(body) });
  } catch {
    throw new Error(t("request.failed"));
  }
  const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
  if (!response.ok && answer.field) throw new FieldError(answer.error, answer.field);
  if (!response.ok) throw new Error(answer.error ?? t("request.failed"));
  return answer;
}

export const get = (url) => send("GET", url);
