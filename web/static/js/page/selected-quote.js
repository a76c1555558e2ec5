// @ts-check
// The selected words as a quote: played, copied with who says them, and linked to, from the bar that stands by them.

import { copyText } from "../ui/clipboard.js";
import { around, detailOf } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { SelectionBar, selected } from "./selection-bar.js";

/**
 * @typedef {Object} Quote what is known of the selected words
 * @property {number | null} start in seconds, null where nobody says them
 * @property {number | null} end
 * @property {string} copy them, who says them, and a link
 * @property {string} link
 * @property {"public" | "local" | "there"} reach how far the link works: for everybody, on this computer, or for those who
 *     reach the server, which is another one
 */

/**
 * @param {import("./reading.js").Reading} reading
 * @param {(words: Selected) => Promise<Quote>} describe
 * @param {Record<string, (words: Selected) => unknown>} [others] what other buttons of the bar do
 * @param {number} [settledMs] after which words that stay selected are asked about
 */
export function useSelectedQuote({ transcript, player, toast }, describe, others = {}, settledMs = 0) {
  const bar = new SelectionBar(transcript);
  let answer = /** @type {Promise<Quote> | null} */ (null), quote = /** @type {Quote | null} */ (null), timer = 0;

  // Asked before a button is pressed, for a browser lends its clipboard only right after a press.
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
    if (transcript.selection) timer = setTimeout(() => ask().catch(() => {}), settledMs); // who presses a button sees why
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
  // Words that were selected by keys are none to the browser; what it cannot copy, the page does.
  document.addEventListener("copy", (event) => {
    if (!quote || !getSelection()?.isCollapsed || around(event, "input, textarea, dialog")) return;
    event.clipboardData?.setData("text/plain", quote.copy);
    event.preventDefault();
  });
}
