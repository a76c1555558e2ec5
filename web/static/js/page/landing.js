// @ts-check
// Every jump to a place of the transcript: it lands there exactly, and holds while blocks around take their real height,
// fonts arrive or the window turns, until the reader scrolls.
//
// Blocks out of view have heights that are guessed (content-visibility), so where a place is becomes known only near it:
// it is looked at again, frame by frame, until it stays.

import { around } from "../ui/elements.js";

const STEADY = 6; // frames in a row without a correction
const NEAR = 2; // pixels
const GLIDING_MS = 150; // a glide has begun by then
export const COVERS = [".masthead", ".player", ".review", "#sound-problem", ".captions", ".sheet[data-open]", ".bar"];
const SCROLLING_KEYS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);
const FIELDS = "input, select, textarea";

/** @typedef {{share?: number, glide?: boolean}} Manner where in the free view, from 0 to 1; whether a short way is glided */

export class Landing {
  /** @type {{place: Element, share: number} | null} */
  #held = null;
  #settling = false;
  #frame = 0;
  #steady = 0;
  #top = 0; // of the place held, in the window
  #gliding = { since: 0, at: NaN }; // where the page was when it was last looked at; NaN where it does not glide

  /** @param {HTMLElement} root whose changes of height move what is held */
  constructor(root) {
    onScrollingByHand(() => this.release());
    // A scroll of which no hand is known: by the browser's own find, by keys that walk.
    addEventListener("scroll", () => { if (!this.#settling && this.#held && this.#hasMoved()) this.release(); }, { passive: true });
    addEventListener("resize", () => this.#settle());
    new ResizeObserver(() => this.#settle()).observe(root);
    document.fonts.addEventListener("loadingdone", () => this.#settle());
  }

  /**
   * @param {Element | undefined} place
   * @param {Manner} [manner]
   */
  to(place, { share = 0.5, glide = false } = {}) {
    if (!place) return;
    this.#held = { place, share };
    this.#gliding.at = NaN;
    const off = this.#off();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (glide && !calm && Math.abs(off) < innerHeight) {
      this.#gliding = { since: performance.now(), at: scrollY };
      scrollBy({ top: off, behavior: "smooth" });
    }
    this.#settle();
  }

  /**
   * Whether the page is at this place, or about to be.
   * @param {Element} place
   */
  holds(place) { return this.#held?.place === place; }

  // Whether the page is where it was led to last.
  get isHeld() { return this.#held !== null; }

  // Of what was held, nothing is any more: the reader is elsewhere.
  release() {
    this.#held = null;
    this.#settling = false;
    cancelAnimationFrame(this.#frame);
  }

  #settle() {
    if (!this.#held?.place.isConnected) return this.release(); // it is no place of the page any more
    cancelAnimationFrame(this.#frame);
    this.#settling = true;
    this.#steady = 0;
    this.#look();
  }

  #look() {
    if (!this.#held) return;
    if (!this.#held.place.getClientRects().length) return this.release(); // it is edited now, or gone
    if (!this.#glides()) this.#correct();
    this.#top = this.#held.place.getBoundingClientRect().top;
    if (this.#steady < STEADY) this.#frame = requestAnimationFrame(() => this.#look());
    else this.#settling = false;
  }

  #correct() {
    const before = scrollY, off = this.#off();
    if (Math.abs(off) > NEAR) scrollBy({ top: off, behavior: "instant" });
    // At an edge of the page there is nowhere to go.
    this.#steady = Math.abs(scrollY - before) > NEAR ? 0 : this.#steady + 1;
  }

  #glides() {
    const { since, at } = this.#gliding;
    if (Number.isNaN(at)) return false;
    if (scrollY === at && performance.now() - since > GLIDING_MS) this.#gliding.at = NaN;
    else this.#gliding.at = scrollY;
    return !Number.isNaN(this.#gliding.at);
  }

  // How far the page is to be scrolled for the place to be where it should.
  #off() {
    if (!this.#held) return 0;
    const { place, share } = this.#held;
    const { top, bottom } = freeView();
    const box = place.getBoundingClientRect();
    const wanted = Math.max(top, top + (bottom - top) * share - box.height / 2);
    return box.top - wanted;
  }

  #hasMoved() {
    const top = this.#held?.place.getBoundingClientRect().top ?? NaN;
    return Math.abs(top - this.#top) > NEAR;
  }
}

/**
 * The part of the window's height that nothing covers: not the masthead, the player, captions, nor a sheet across it.
 * @param {string[]} covers
 * @returns {{top: number, bottom: number}}
 */
export function freeView(covers = COVERS) {
  let top = 0, bottom = innerHeight;
  for (const cover of document.querySelectorAll(covers.join())) {
    const box = cover.getBoundingClientRect();
    const position = getComputedStyle(cover).position;
    if (position === "static" || position === "relative" || !box.height || box.width < document.documentElement.clientWidth - 1) continue;
    if (box.top + box.height / 2 < innerHeight / 2) top = Math.max(top, box.bottom);
    else bottom = Math.min(bottom, box.top);
  }
  return bottom > top ? { top, bottom } : { top: 0, bottom: innerHeight };
}

/**
 * Calls `listener` where the reader begins to scroll the page: with a wheel, a finger, keys, or the scroll bar.
 * @param {() => void} listener
 */
export function onScrollingByHand(listener) {
  addEventListener("wheel", listener, { passive: true });
  addEventListener("mousedown", ({ clientX, button }) => { if (button === 1 || clientX >= document.documentElement.clientWidth) listener(); });
  addEventListener("touchmove", (event) => { if (!around(event, ".wave")) listener(); }, { passive: true });
  addEventListener("keydown", (event) => {
    if (SCROLLING_KEYS.has(event.key) && !event.defaultPrevented && !around(event, FIELDS)) listener();
  });
}
