// @ts-check
// The page's strings in the reader's language.

import { clock, roundedTimeLeft } from "./durations.js";
import { byId } from "./elements.js";

/** @type {Record<string, string>} */
const strings = JSON.parse(byId("strings").textContent ?? "");

const LEFTWARDS = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * The string of that key, its {names} filled in, numbers as the reader's language writes them. What is filled in runs
 * its own way, and the sentence around it as it would without.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return strings[key].replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

/** @param {string | number} value */
function shown(value) {
  return typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : isolated(String(value));
}

/**
 * A text as it is put among others: where it is written leftwards it is held together and apart from them, as <bdi>
 * does, in names and titles as well (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE).
 * @param {string} text
 */
export function isolated(text) { return LEFTWARDS.test(text) ? `\u2068${text}\u2069` : text; }

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
 * A moment with that many decimals, as the reader's language writes it.
 * @param {number} seconds
 * @param {number} digits
 */
export const moment = (seconds, digits) => clock(seconds, digits).replace(".", decimal(0, 1).charAt(1));

/** A moment to the hundredth of a second. @param {number} seconds */
export const exact = (seconds) => moment(seconds, 2);

/** How long something still takes, as people say it. @param {number} seconds */
export function timeLeft(seconds) {
  const [h, min, s] = roundedTimeLeft(seconds);
  if (h) return t(min ? "left.hours.minutes" : "left.hours", { h, min });
  if (min) return t(min === 1 ? "left.minute" : "left.minutes", { min });
  return t(s < 10 ? "left.moment" : "left.seconds", { s });
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

/**
 * Tell an error in a line of the page.
 * @param {HTMLElement} line
 * @param {unknown} error
 */
export function tellError(line, error) {
  line.textContent = messageOf(error);
  line.hidden = false;
}
