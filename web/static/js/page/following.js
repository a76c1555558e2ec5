// @ts-check
// Keeps the lit word in view while it plays and where the sound is sought, until the reader goes away; a button brings
// them back. The browser's way back leads to the place that a jump within the page led away from: what was read, and what
// was heard.

import { around } from "../ui/elements.js";
import { freeView, onScrollingByHand } from "./landing.js";

const HIGHEST = 0.15, LOWEST = 0.65, RESTING = 0.35; // shares of the free view between which the word may be

export class Following {
  #transcript;
  #player;
  #button;
  #on = true;
  #away = false; // since the sound stands still
  #restsUntil = 0;

  /**
   * @param {import("./transcript.js").Transcript} transcript
   * @param {import("./player.js").Player} player
   * @param {HTMLElement} button
   */
  constructor(transcript, player, button) {
    this.#transcript = transcript;
    this.#player = player;
    this.#button = button;
    onScrollingByHand(() => this.#leave());
    transcript.addEventListener("elsewhere", () => this.#leave());
    player.addEventListener("state", () => {
      button.hidden = this.#on || !player.playing;
      if (player.playing) this.#away = false;
    });
    player.addEventListener("sought", () => this.#sought());
    addEventListener("resize", () => { if (!this.#away && player.time > 0) this.show(); });
    button.addEventListener("click", () => this.back());
  }

  // Whether the page goes where the voice goes.
  get isOn() { return this.#on && this.#player.playing; }

  // Whether the page is where the sound is: it goes there, or was led there and has not been scrolled since.
  get isThere() {
    const word = this.#word;
    return this.isOn || (this.follows && this.#transcript.landing.isHeld && word !== undefined && isWithin(word, 0, 1));
  }

  // Whether it goes there, or would if it played.
  get follows() { return this.#on && !this.#away; }

  back() {
    this.#set(true);
    this.#away = false;
    this.show(true);
  }

  // What puts back whether it follows, as it is now.
  get asNow() {
    const [on, away] = [this.#on, this.#away];
    return () => {
      this.#set(on);
      this.#away = away;
      if (!this.#player.playing) this.#button.hidden = true;
    };
  }

  /**
   * From now on with the voice again; the page stays as it is for so long, as for another click at the same place.
   * @param {number} milliseconds
   */
  resume(milliseconds) {
    this.#set(true);
    this.#away = false;
    this.#restsUntil = performance.now() + milliseconds;
  }

  // Scrolls where the word has left the middle of the page.
  show(always = false) {
    const word = this.#word;
    if (!word || !this.#on || (!always && performance.now() < this.#restsUntil)) return;
    if (always || !isWithin(word, HIGHEST, LOWEST)) this.#transcript.landing.to(word, { share: RESTING, glide: true });
  }

  // The word that is said, or was last, or will be first.
  get #word() {
    const { lit } = this.#transcript;
    return this.#transcript.word(lit < 0 ? this.#transcript.wordNear(this.#player.time) : lit);
  }

  #leave() {
    if (this.#player.playing) this.#set(false);
    else this.#away = true;
  }

  #sought() {
    const word = this.#word;
    const isThere = word && (this.#transcript.landing.holds(word) || isWithin(word, 0, 1)); // as by a link
    if (isThere) {
      this.#away = false;
      this.#set(true);
    }
    if (this.#away || !this.#on) this.#set(false);
    else this.show();
  }

  /** @param {boolean} on */
  #set(on) {
    this.#on = on;
    this.#button.hidden = on;
  }
}

/**
 * Whether an element lies between two shares of the free view.
 * @param {Element} element
 * @param {number} highest
 * @param {number} lowest
 */
function isWithin(element, highest, lowest) {
  const { top, bottom } = freeView();
  const box = element.getBoundingClientRect();
  return box.top > top + (bottom - top) * highest && box.bottom < top + (bottom - top) * lowest;
}

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
