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
  const response = await request(method, url, body);
  return isJson(response) ? response.json() : {};
}

export const get = (url) => send("GET", url);

// Sends `body` and returns what comes back as a Blob.
export async function fetchBlob(url, body) {
  return (await request("POST", url, body)).blob();
}

async function request(method, url, body) {
  const raw = body instanceof Blob;
  const headers = { Accept: "application/json", "X-CSRF-Token": token };
  if (body !== undefined && !raw) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, body: raw || body === undefined ? body : JSON.stringify(body) });
  } catch {
    throw new Error(t("request.failed"));
  }
  if (response.ok) return response;
  const answer = isJson(response) ? await response.json() : {};
  if (answer.field) throw new FieldError(answer.error, answer.field);
  throw new Error(answer.error ?? t("request.failed"));
}

function isJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}
