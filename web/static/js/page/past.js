// @ts-check
// The browser's way back leads to the place that a jump within the page led away from: what was read, and what was heard.

import { around } from "../ui/elements.js";
import { freeView } from "./landing.js";

/**
 * A place, as the browser keeps it with the address: the word in the middle of the view and where in it it stood, the
 * sound, and whether the page went where the voice goes.
 * @typedef {{word: number, share: number, time: number, playing: boolean, follows: boolean}} Place
 */

/**
 * Where the reader came back to, if that is known.
 * @returns {Place | null}
 */
export function placeLeft() { return history.state?.left ?? null; }

/**
 * @param {import("./player.js").Player} player
 * @param {import("./following.js").Following} following
 * @param {import("./transcript.js").Transcript} transcript
 */
export function usePast(player, following, transcript) {
  // Before anything follows the link.
  document.addEventListener("click", (event) => {
    if (!around(event, 'a[href^="#"]') || !transcript.length) return;
    const { time, playing } = player, { follows } = following;
    history.replaceState({ left: { ...middleOf(transcript), time, playing, follows } }, "");
  }, { capture: true });
  addEventListener("popstate", () => {
    const left = placeLeft();
    if (!left || left.word >= transcript.length) return;
    if (left.follows) following.resume(0);
    else transcript.leave();
    player.restore(left);
    transcript.landing.to(transcript.word(left.word), { share: left.share });
  });
}

/**
 * The word in the middle of the view, and its share of the height.
 * @param {import("./transcript.js").Transcript} transcript
 */
function middleOf(transcript) {
  const { top, bottom } = freeView(), word = transcript.wordBelow((top + bottom) / 2), box = transcript.word(word).getBoundingClientRect();
  return { word, share: ((box.top + box.bottom) / 2 - top) / (bottom - top) };
}
