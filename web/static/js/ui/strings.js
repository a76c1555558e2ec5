// @ts-check
// The page's strings in the reader's language.

import { byId } from "./elements.js";

/** @type {Record<string, string>} */
const strings = JSON.parse(byId("strings").textContent ?? "");

/**
 * The string of that key, its {names} filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return strings[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * A number as the reader's language writes it, with that many decimals.
 * @param {number} number
 * @param {number} digits
 */
export function decimal(number, digits) {
  const { lang } = document.documentElement;
  return number.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * Says `text` to who uses a screen reader, when they are done listening to something else.
 * @param {string} text
 */
export function announce(text) {
  byId("said").textContent = text;
}

/** @param {string} key */
export const knows = (key) => Object.hasOwn(strings, key);

// An error whose message is a sentence for the reader, in their language.
export class ReaderError extends Error {}

/**
 * What an error says to the reader; what nobody foresaw speaks English, and to the console.
 * @param {unknown} error
 */
export function messageOf(error) {
  if (error instanceof ReaderError) return error.message;
  console.error(error);
  return t("unforeseen");
}
