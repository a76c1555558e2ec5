// @ts-check
// Where a clip is cut: the sound around it and its two edges, moved by handles, by buttons and by keys.
//
// Events: "move" when an edge has moved and may move on, "drop" when it stays where it is, "failed" (detail: the error)
// where there is no sound to show.

import { get } from "../ui/api.js";
import { all, around, detailOf, one } from "../ui/elements.js";
import { decimal, exact, t } from "../ui/strings.js";
import { wholeMilliseconds } from "./clip-draft.js";
import { ClipWave } from "./clip-wave.js";

/**
 * A word without the marks that stand beside it, to be put between quotation marks.
 * @param {string} text
 */
const bare = (text) => text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

/**
 * @typedef {import("./clip-draft.js").ClipDraft} ClipDraft
 * @typedef {"whole" | Side} Look what is shown: all of the clip, or the sound around one edge
 */

const LONG = 12; // seconds; from here on the whole is too coarse to cut in

export class ClipCut extends EventTarget {
  #root;
  #data;
  #textOf;
  #wave;
  /** @type {Look} */
  #looked = "whole";
  #clip = /** @type {ClipDraft} */ (/** @type {unknown} */ (null)); // there is one once the panel is open

  /**
   * @param {HTMLElement} root
   * @param {EpisodeData & {id: string}} data
   * @param {(word: number) => string} textOf
   */
  constructor(root, data, textOf) {
    super();
    this.#root = root;
    this.#data = data;
    this.#textOf = textOf;
    this.#wave = new ClipWave(one(root, ".clip-wave"), data, textOf);
    root.addEventListener("click", (event) => this.#clicked(around(event, "button")));
    /** @type {Record<string, (detail: any) => void>} */
    const heard = {
      drag: ({ side, time }) => this.#move(side, time),
      drop: () => this.#tell("drop"),
      nudge: ({ side, by }) => this.#nudge(side, by),
      step: ({ side, by }) => this.#step(side, by),
      sought: ({ side }) => this.#look(side),
    };
    for (const name in heard) this.#wave.addEventListener(name, (event) => heard[name](detailOf(event)));
  }

  /**
   * Cuts this clip from now on.
   * @param {ClipDraft} clip
   */
  use(clip) {
    this.#clip = clip;
    this.#look(clip.shown.end - clip.shown.start > LONG ? "start" : "whole");
  }

  // Shows the clip as it is now.
  show() {
    const { ends: [said, lastSaid], isMoved, length, shown } = this.#clip;
    one(this.#root, '[data-part="length"]').textContent = t("clip.length", { n: decimal(length ?? shown.end - shown.start, 1) });
    one(this.#root, '[data-part="start"]').textContent = exact(shown.start);
    one(this.#root, '[data-part="end"]').textContent = exact(shown.end);
    one(this.#root, '[data-do="edges"]', HTMLButtonElement).disabled = !isMoved;
    this.#wave.set(shown, {
      start: t("clip.starts", { time: exact(shown.start), word: bare(this.#textOf(said)) }),
      end: t("clip.ends", { time: exact(shown.end), word: bare(this.#textOf(lastSaid)) }),
    });
  }

  /**
   * Shows where in the clip the sound is; null while there is none.
   * @param {number | null} time
   */
  play(time) { this.#wave.play(time === null ? null : this.#clip.shown.start + time); }

  /** @param {string} name */
  #tell(name) { this.dispatchEvent(new Event(name)); }

  /** @param {HTMLElement | null} button */
  #clicked(button) {
    if (!button) return;
    const { nudge, step, look } = button.dataset;
    const side = /** @type {Side} */ (button.dataset.side);
    if (nudge) this.#nudge(side, Number(nudge));
    if (step) this.#step(side, Number(step));
    if (look) this.#look(/** @type {Look} */ (look));
    if (button.dataset.do === "edges") { this.#clip.reset(); this.#tell("drop"); }
  }

  /**
   * By seconds.
   * @param {Side} side
   * @param {number} by
   */
  #nudge(side, by) { this.#move(side, this.#clip.shown[side] + by); }

  /**
   * By words.
   * @param {Side} side
   * @param {number} by
   */
  #step(side, by) {
    const time = this.#clip.stepped(side, by);
    if (time !== null) this.#move(side, time);
  }

  /**
   * @param {Side} side
   * @param {number} time
   */
  #move(side, time) {
    this.#clip.move(side, time);
    const { from, to } = this.#wave.view;
    if (this.#clip.shown[side] < from || this.#clip.shown[side] > to) this.#look(side);
    this.#tell("move");
  }

  // Asks for the sound once more.
  again() { this.#look(this.#looked); }

  /** @param {Look} look */
  async #look(look) {
    this.#looked = look;
    const { start, end } = this.#clip.shown;
    for (const button of all(this.#root, "[data-look]")) button.setAttribute("aria-pressed", String(button.dataset.look === look));
    const margin = Math.max(0.6, (end - start) * 0.12);
    const near = { whole: [start - margin, end + margin], start: [start - 2, start + 3], end: [end - 3, end + 2] }[look];
    const [from, to] = [Math.max(0, near[0]), Math.min(this.#data.duration, near[1])].map(wholeMilliseconds);
    this.#wave.look(from, to);
    this.show();
    try {
      const query = `from=${from}&to=${to}&columns=${this.#wave.columns}`;
      this.#wave.use(await get(`/api/episodes/${this.#data.id}/stretch?${query}`));
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }
}
