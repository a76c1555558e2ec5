// @ts-check
// Copies text. Browsers have navigator.clipboard only on this computer or over HTTPS; elsewhere execCommand works.

import { ReaderError, t } from "./strings.js";

/** @param {string} text */
export async function copyText(text) {
  if (navigator.clipboard && isSecureContext) {
    return navigator.clipboard.writeText(text).catch(() => { throw new ReaderError(t("copy.refused")); });
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  const focused = document.activeElement;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!copied) throw new ReaderError(t("copy.refused"));
}
