// @ts-check
// Links to what is said: the times in them, the words that are selected for one, and how it is copied.

import { h } from "./elements.js";
import { resolved, webAddress } from "./fetching.js";

/** @typedef {import("./data.js").Cast} Cast */

const LINK = /^#t=(\d{1,7}(?:\.\d{1,6})?)(?:,|&|$)/; // a copied one's end

/**
 * The page that is the episode's own, if any.
 * @param {HTMLElement} host
 * @param {Cast | undefined} cast
 */
export function homeOf(host, cast) {
  const link = host.getAttribute("link");
  return link === null ? cast?.url ?? null : webAddress(resolved(link, document.baseURI)?.href ?? null);
}

/**
 * A link to what is said between two times, or from one on.
 * @param {string} page
 * @param {number} start seconds
 * @param {number} [end]
 */
export function linkInto(page, start, end) {
  const hundredths = (/** @type {number} */ seconds, /** @type {(n: number) => number} */ cut) => String(cut(Math.round(seconds * 1e5) / 1e3) / 100);
  const part = `t=${hundredths(start, Math.floor)}${end === undefined ? "" : `,${hundredths(end, Math.ceil)}`}`;
  return `${page.replace(/#.*$/, "")}#${part}`;
}

// The time, in milliseconds, to which the address of this very page leads; null where it leads to none.
export function linkedTime() {
  const found = LINK.exec(location.hash);
  return found && Number(found[1]) * 1000;
}

/**
 * Whether it is the first whole episode of its page, to which links to that page lead.
 * @param {HTMLElement} host
 */
export function isFirst(host) {
  const isWhole = (/** @type {Element} */ each) => !["chapter", "quote", "start", "end"].some((name) => each.hasAttribute(name));
  return [...document.querySelectorAll(host.localName)].find(isWhole) === host;
}

/**
 * Which words are selected: the first, and the one after the last.
 * @param {ShadowRoot} root
 * @param {Cast} cast
 * @returns {[first: number, last: number] | null}
 */
export function selectedWords(root, cast) {
  const own = /** @type {{getSelection?: () => Selection | null}} */ (root); // Chromium's
  const selection = own.getSelection?.() ?? document.getSelection();
  if (!selection?.rangeCount) return null;
  /** @type {StaticRange | Range} */
  let range = selection.getRangeAt(0);
  try {
    range = selection.getComposedRanges?.({ shadowRoots: [root] })[0] ?? range;
  } catch { /* an older Safari's takes the roots themselves; the link is then to the moment */ }
  const [first, last] = [wordAt(root, cast, range.startContainer, range.startOffset), wordAt(root, cast, range.endContainer, range.endOffset)];
  return first !== null && last !== null && first !== last ? [Math.floor(first), Math.ceil(last)] : null;
}

/**
 * The number of the word at a place of the transcript, whole at its start, a half more within it.
 * @param {ShadowRoot} root
 * @param {Cast} cast
 * @param {Node} node
 * @param {number} offset
 */
function wordAt(root, cast, node, offset) {
  const row = (node instanceof Element ? node : node.parentElement)?.closest("[data-number]");
  if (!(row instanceof HTMLElement) || !root.contains(row)) return null;
  const range = document.createRange();
  range.setStart(row, 0);
  range.setEnd(node, offset);
  let left = range.toString().length, word = Number(row.dataset.first);
  const { words, first } = cast.paragraphs[Number(row.dataset.number)];
  for (; word < first + words.length && left >= words[word - first].length; word++) left -= words[word - first].length;
  return left > 0 ? word + 0.5 : word;
}

/**
 * Puts a link on the clipboard; where that cannot be done, the field that shows it.
 * @param {string} link
 * @param {string} label
 */
export async function uncopied(link, label) {
  try {
    await navigator.clipboard.writeText(link);
    return null;
  } catch {
    // Browsers lend the clipboard over HTTPS only, and not to every frame: then it is shown, to be copied by hand.
    return h("input", { readonly: true, value: link, "aria-label": label, dir: "ltr" });
  }
}
