// @ts-check
// Scrolling: follows the spoken word during playback, holds a position that a link led to, and lets go when the reader
// scrolls; a button then returns to the spoken word.

import { around, byId } from "../ui/elements.js";

const HIGHEST = 0.15, LOWEST = 0.65, RESTING = 0.35; // shares of the uncovered view: where the spoken word may be, and where it is scrolled to
const STEADY = 6; // frames in a row without a correction
const NEAR = 2; // pixels
export const COVERS = [".masthead", ".player", ".review", "#audio-problem", ".captions", ".sheet[data-open]", ".bar"];
const SCROLLING_KEYS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);
const FIELDS = "input, select, textarea";

export class Following {
  #player;
  #button = byId("follow");
  #spoken;
  /** @type {{place: Element, share: number} | null} the position held until the reader scrolls */
  #held = null;
  #frame = 0; // 0 once the position is reached
  /** @type {"" | "paused" | "playing"} the player's state when the reader scrolled away; after "paused", playing follows again */
  #leftWhile = "";
  #restsUntil = 0;

  /**
   * @param {HTMLElement} root whose changes of height move the held position
   * @param {import("./player.js").Player} player
   * @param {() => HTMLElement | undefined} spoken returns the spoken word, else the last one before or the first one after
   */
  constructor(root, player, spoken) {
    this.#player = player;
    this.#spoken = spoken;
    onScrollingByHand(() => this.leave());
    addEventListener("resize", () => {
      this.#scroll();
      if (player.time > 0) this.show();
    });
    new ResizeObserver(() => this.#scroll()).observe(root);
    player.addEventListener("state", () => { this.leftWhile = player.playing && this.#leftWhile === "paused" ? "" : this.#leftWhile; });
    player.addEventListener("sought", () => this.#sought());
    this.#button.addEventListener("click", () => this.back());
  }

  // Whether the page follows the spoken word.
  get isOn() { return !this.#leftWhile && this.#player.playing; }

  get leftWhile() { return this.#leftWhile; }
  set leftWhile(state) {
    this.#leftWhile = state;
    this.#button.hidden = !state || !this.#player.playing;
  }

  // Stops following the spoken word, and drops the held position.
  leave() {
    this.#release();
    if (this.#player.playing) this.leftWhile = "playing";
    else this.#leftWhile ||= "paused";
  }

  back() {
    this.leftWhile = "";
    this.show(true);
  }

  /** Do not scroll for some time, so that a second click hits the same word. @param {number} milliseconds */
  rest(milliseconds) { this.#restsUntil = performance.now() + milliseconds; }

  /** Stop following, and scroll an element into the middle of the uncovered view. @param {Element | null | undefined} place */
  to(place) {
    if (!place) return;
    this.leave();
    this.#hold(place, 0.5);
  }

  #release() {
    this.#held = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  // Scrolls to the spoken word if it has left the middle of the view, unless the reader scrolled away.
  show(always = false) {
    const word = this.#spoken();
    if (!word || this.#leftWhile || (!always && performance.now() < this.#restsUntil)) return;
    const share = shareOf(word);
    if (!always && share > HIGHEST && share < LOWEST) return;
    const off = offOf(word, RESTING), isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isCalm || Math.abs(off) > innerHeight) return this.#hold(word, RESTING);
    this.#release();
    scrollBy({ top: off, behavior: "smooth" });
  }

  // After a jump in the audio: a reader who scrolled away stays, unless the new word is in view.
  #sought() {
    const word = this.#spoken(), share = word ? shareOf(word) : NaN;
    if (this.#held?.place === word || (share > 0 && share < 1)) this.leftWhile = "";
    if (!this.#leftWhile) return this.show();
    this.#leftWhile = "playing";
    this.#button.hidden = false;
  }

  /** @param {Element} place @param {number} share of the uncovered view, from 0 to 1 */
  #hold(place, share) {
    this.#held = { place, share };
    this.#scroll();
  }

  // Blocks out of view have estimated heights (content-visibility), so an element's position is exact only nearby: this
  // corrects it frame by frame until it is steady, and again whenever heights or the window change.
  #scroll() {
    let steady = 0;
    const adjust = () => {
      if (!this.#held?.place.getClientRects().length) return this.#release(); // it is being edited, or gone
      const { place, share } = this.#held, before = scrollY, off = offOf(place, share);
      if (Math.abs(off) > NEAR) scrollBy({ top: off, behavior: "instant" });
      // At an edge of the page it cannot scroll further.
      steady = Math.abs(scrollY - before) > NEAR ? 0 : steady + 1;
      this.#frame = steady < STEADY ? requestAnimationFrame(adjust) : 0;
    };
    cancelAnimationFrame(this.#frame);
    adjust();
  }
}

/** Return where the middle of an element is in the uncovered view, from 0 at the top to 1. @param {Element} element */
function shareOf(element) {
  const { top, bottom } = freeView(), box = element.getBoundingClientRect();
  return (box.top + Math.min(box.height, bottom - top) / 2 - top) / (bottom - top);
}

/** Return how far to scroll for an element to be at a share of the view. @param {Element} place @param {number} share */
function offOf(place, share) {
  const { top, bottom } = freeView();
  return (shareOf(place) - share) * (bottom - top);
}

/**
 * Scroll so that the top of an element is at `top` in the window.
 * @param {Element | null | undefined} place
 * @param {number} top
 */
export function scrollToKeep(place, top) {
  if (place && top) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
}

/**
 * Return the part of the window's height that no masthead, player, captions or sheet covers.
 * @param {string[]} covers
 * @returns {{top: number, bottom: number}}
 */
export function freeView(covers = COVERS) {
  let top = 0, bottom = innerHeight;
  for (const cover of document.querySelectorAll(covers.join())) {
    const box = cover.getBoundingClientRect(), { position } = getComputedStyle(cover);
    const isAcross = box.height > 0 && box.width >= document.documentElement.clientWidth - 1;
    if (!isAcross || position === "static" || position === "relative") continue;
    if (box.top <= top + NEAR) top = Math.max(top, box.bottom); // else it lies at the bottom
    else bottom = Math.min(bottom, box.top);
  }
  return bottom > top ? { top, bottom } : { top: 0, bottom: innerHeight };
}

/**
 * Call `listener` when the reader begins to scroll: with a wheel, a finger, keys, or the scroll bar.
 * @param {() => void} listener
 */
function onScrollingByHand(listener) {
  addEventListener("wheel", listener, { passive: true });
  addEventListener("mousedown", ({ clientX, button }) => { if (button === 1 || clientX >= document.documentElement.clientWidth) listener(); });
  addEventListener("touchmove", (event) => { if (!around(event, ".wave")) listener(); }, { passive: true });
  addEventListener("keydown", (event) => {
    if (SCROLLING_KEYS.has(event.key) && !event.defaultPrevented && !around(event, FIELDS)) listener();
  });
}
