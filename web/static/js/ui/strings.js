// @ts-check
// The interface's strings in the reader's language.

import { clock, roundedTimeLeft } from "./durations.js";
import { byId } from "./elements.js";

/** @type {Record<string, string>} */
const strings = JSON.parse(byId("strings").textContent ?? "");

const LEFTWARDS = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * Return the string of a key with its {names} filled in, and numbers in the reader's format. Each value keeps its own
 * direction.
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
 * Isolate the direction of a text within another, like <bdi>, but also in attributes (FIRST STRONG ISOLATE, POP DIRECTIONAL
 * ISOLATE).
 * @param {string} text
 */
export function isolated(text) { return LEFTWARDS.test(text) ? `\u2068${text}\u2069` : text; }

/**
 * Format a number in the reader's language.
 * @param {number} number
 * @param {number} digits
 */
export function decimal(number, digits) {
  const { lang } = document.documentElement;
  return number.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * Format a time in the reader's language.
 * @param {number} seconds
 * @param {number} digits
 */
export const moment = (seconds, digits) => clock(seconds, digits).replace(".", decimal(0, 1).charAt(1));

/** Format a time to the hundredth of a second. @param {number} seconds */
export const exact = (seconds) => moment(seconds, 2);

/** Return a remaining time in words. @param {number} seconds */
export function timeLeft(seconds) {
  const [h, min, s] = roundedTimeLeft(seconds);
  if (h) return t(min ? "left.hours.minutes" : "left.hours", { h, min });
  if (min) return t(min === 1 ? "left.minute" : "left.minutes", { min });
  return t(s < 10 ? "left.moment" : "left.seconds", { s });
}

/**
 * Announce `text` to screen readers, after what they are reading.
 * @param {string} text
 */
export function announce(text) {
  byId("announcement").textContent = text;
}

/** @param {string} key */
export const knows = (key) => Object.hasOwn(strings, key);

// An error with a message for the reader, in their language.
export class ReaderError extends Error {}

/**
 * Return an error's message for the reader; an unexpected error goes to the console.
 * @param {unknown} error
 */
export function messageOf(error) {
  if (error instanceof ReaderError) return error.message;
  console.error(error);
  return t("unforeseen");
}

/**
 * Show an error in a line of the page.
 * @param {HTMLElement} line
 * @param {unknown} error
 */
export function showError(line, error) {
  line.textContent = messageOf(error);
  line.hidden = false;
}
