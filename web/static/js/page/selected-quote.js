// @ts-check
// The selected words as a quote: the bar beside them plays them, copies them with their speaker, and links to them.

import { copyText } from "../ui/clipboard.js";
import { around, detailOf } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { SelectionBar, selected } from "./selection-bar.js";

/**
 * @typedef {Object} Quote of the selected words
 * @property {number | null} start in seconds, null if they are not spoken
 * @property {number | null} end
 * @property {string} copy the words, their speaker, and a link
 * @property {string} link
 * @property {"public" | "local" | "there"} reach where the link works: everywhere, on this computer, or for those who can
 *     reach the server
 */

/**
 * @param {import("./reading.js").Reading} reading
 * @param {(words: Selected) => Promise<Quote>} describe
 * @param {Record<string, (words: Selected) => unknown>} [others] actions of the bar's other buttons
 * @param {number} [delayMs] how long words must stay selected before they are described
 */
export function useSelectedQuote({ transcript, player, toast }, describe, others = {}, delayMs = 0) {
  const bar = new SelectionBar(transcript);
  let answer = /** @type {Promise<Quote> | null} */ (null), quote = /** @type {Quote | null} */ (null), timer = 0;

  // Described before a button is pressed, since browsers allow copying only right after a press.
  const ask = async () => {
    const words = /** @type {Selected} */ (transcript.selection);
    answer ??= describe(words);
    const current = answer, known = await current;
    if (answer === current && !quote) {
      quote = known;
      bar.allowSound(quote.start !== null);
      announce(quote.start === null ? t("caution.not-said", { detail: "" }) : selected(words.last - words.first));
    }
    return known;
  };
  transcript.addEventListener("select", () => {
    clearTimeout(timer);
    answer = quote = null;
    if (transcript.selection) timer = setTimeout(() => ask().catch(() => {}), delayMs); // an error is shown when a button is pressed
  });

  /** @type {Record<string, (words: Selected) => unknown>} */
  const actions = {
    async play() {
      const { start, end } = await ask();
      await player.toggleSpan(Number(start), Number(end));
    },
    async copy() {
      const { copy, reach } = await ask();
      await copyText(copy);
      toast.show(t(`bar.copied.${reach}`));
    },
    async link() {
      const { link, reach } = await ask();
      await copyText(link);
      toast.show(t(`bar.linked.${reach}`));
    },
    ...others,
  };
  bar.addEventListener("do", (event) => {
    const { selection } = transcript;
    if (selection) toast.attempt(() => actions[detailOf(event)](selection));
  });
  // The browser does not know of words selected by keys, so the page copies them.
  document.addEventListener("copy", (event) => {
    if (!quote || !getSelection()?.isCollapsed || around(event, "input, textarea, dialog")) return;
    event.clipboardData?.setData("text/plain", quote.copy);
    event.preventDefault();
  });
}
