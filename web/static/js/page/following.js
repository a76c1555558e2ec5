// @ts-check
// Where the page is scrolled to: at a place that something led to, with the word that is said while it plays, or where the
// reader went; from there a button brings them back to the voice.

import { around, byId } from "../ui/elements.js";

const HIGHEST = 0.15, LOWEST = 0.65, RESTING = 0.35; // shares of the free view between which the word that is said may be
const STEADY = 6; // frames in a row without a correction
const NEAR = 2; // pixels
export const COVERS = [".masthead", ".player", ".review", "#sound-problem", ".captions", ".sheet[data-open]", ".bar"];
const SCROLLING_KEYS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);
const FIELDS = "input, select, textarea";

export class Following {
  #player;
  #button = byId("follow");
  #spoken;
  /** @type {{place: Element, share: number} | null} where the page was led to, and stays until the reader scrolls */
  #held = null;
  #frame = 0; // 0 when it is there
  /** @type {"" | "paused" | "playing"} what the voice did when the reader left it; from a pause they are back when it plays */
  #leftWhile = "";
  #restsUntil = 0;

  /**
   * @param {HTMLElement} root whose changes of height move what is held
   * @param {import("./player.js").Player} player
   * @param {() => HTMLElement | undefined} spoken the word that is said, or was last, or will be first
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

  // Whether the page goes where the voice goes.
  get isOn() { return !this.#leftWhile && this.#player.playing; }

  get leftWhile() { return this.#leftWhile; }
  set leftWhile(state) {
    this.#leftWhile = state;
    this.#button.hidden = !state || !this.#player.playing;
  }

  // Lets go of the voice, and of where the page was led to.
  leave() {
    this.#release();
    if (this.#player.playing) this.leftWhile = "playing";
    else this.#leftWhile ||= "paused";
  }

  back() {
    this.leftWhile = "";
    this.show(true);
  }

  /** Leaves the page as it is for so long, as for another click at the same place. @param {number} milliseconds */
  rest(milliseconds) { this.#restsUntil = performance.now() + milliseconds; }

  /** Leads away from the voice to a place, in the middle of the free view. @param {Element | null | undefined} place */
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

  // Goes with the voice, unless the reader left it, where its word has left the middle of the page.
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

  // Who has left stays there, unless they see the place.
  #sought() {
    const word = this.#spoken(), share = word ? shareOf(word) : NaN;
    if (this.#held?.place === word || (share > 0 && share < 1)) this.leftWhile = "";
    if (!this.#leftWhile) return this.show();
    this.#leftWhile = "playing";
    this.#button.hidden = false;
  }

  /** @param {Element} place @param {number} share where in the free view, from 0 to 1 */
  #hold(place, share) {
    this.#held = { place, share };
    this.#scroll();
  }

  // Blocks out of view have heights that are guessed (content-visibility), so where a place is becomes known only near it:
  // it is looked at again, frame by frame, until it stays, and whenever heights or the window change.
  #scroll() {
    let steady = 0;
    const look = () => {
      if (!this.#held?.place.getClientRects().length) return this.#release(); // it is edited now, or gone
      const { place, share } = this.#held, before = scrollY, off = offOf(place, share);
      if (Math.abs(off) > NEAR) scrollBy({ top: off, behavior: "instant" });
      // At an edge of the page there is nowhere to go.
      steady = Math.abs(scrollY - before) > NEAR ? 0 : steady + 1;
      this.#frame = steady < STEADY ? requestAnimationFrame(look) : 0;
    };
    cancelAnimationFrame(this.#frame);
    look();
  }
}

/** Where in the free view the middle of an element is, from 0 at the top to 1. @param {Element} element */
function shareOf(element) {
  const { top, bottom } = freeView(), box = element.getBoundingClientRect();
  return (box.top + Math.min(box.height, bottom - top) / 2 - top) / (bottom - top);
}

/** How far the page is to be scrolled for a place to be at that share. @param {Element} place @param {number} share */
function offOf(place, share) {
  const { top, bottom } = freeView();
  return (shareOf(place) - share) * (bottom - top);
}

/**
 * Scroll the page so that an element keeps its place in the window, with its top there.
 * @param {Element | null | undefined} place
 * @param {number} top
 */
export function scrollToKeep(place, top) {
  if (place && top) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
}

/**
 * The part of the window's height that nothing covers: not the masthead, the player, captions, nor a sheet across it.
 * @param {string[]} covers
 * @returns {{top: number, bottom: number}}
 */
export function freeView(covers = COVERS) {
  let top = 0, bottom = innerHeight;
  for (const cover of document.querySelectorAll(covers.join())) {
    const box = cover.getBoundingClientRect(), { position } = getComputedStyle(cover);
    const isAcross = box.height > 0 && box.width >= document.documentElement.clientWidth - 1;
    if (!isAcross || position === "static" || position === "relative") continue;
    if (box.top <= top + NEAR) top = Math.max(top, box.bottom); // or what stands on others at the bottom
    else bottom = Math.min(bottom, box.top);
  }
  return bottom > top ? { top, bottom } : { top: 0, bottom: innerHeight };
}

/**
 * Calls `listener` where the reader begins to scroll the page: with a wheel, a finger, keys, or the scroll bar.
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
