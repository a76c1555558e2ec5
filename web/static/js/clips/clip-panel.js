// @ts-check
// The panel in which a clip is made: its edges, its sound, its shape and wording, what to look at, and its export.

import { fetchBlob, send } from "../ui/api.js";
import { LostError, answering } from "../ui/connection.js";
import { around, detailOf, one } from "../ui/elements.js";
import { messageOf, t } from "../ui/strings.js";
import { cautionLines } from "./cautions.js";
import { ClipCut } from "./clip-cut.js";
import { ClipDraft } from "./clip-draft.js";
import { ClipExport } from "./clip-export.js";
import { ClipListening } from "./clip-listening.js";
import { ClipLook } from "./clip-look.js";
import { ClipMoving } from "./clip-moving.js";
import { Stills } from "./stills.js";

/**
 * @typedef {Object} Fields of the panel's form
 * @property {RadioNodeList} shape
 * @property {HTMLTextAreaElement} text
 * @property {HTMLSelectElement} format
 * @property {HTMLSelectElement} lufs
 * @property {HTMLInputElement} tighten
 */

const PAUSE_MS = 250; // after the last change, before the server is asked

export class ClipPanel {
  #dialog;
  #form;
  #fields;
  #data;
  #transcript;
  #url;
  #cut;
  #look;
  #stills;
  #moving;
  #listening;
  #export;
  #timer = 0;
  #round = 0; // counts changes
  #asking = false;
  /** @type {unknown} the error that was told last */
  #failed = null;
  #clip = /** @type {ClipDraft} */ (/** @type {unknown} */ (null)); // there is one once the panel is open
  /** @type {Map<string, ClipDraft>} by their words, so that closing the panel loses nothing */
  #drafts = new Map();

  /**
   * @param {HTMLDialogElement} dialog
   * @param {Object} page
   * @param {EpisodeData & {id: string}} page.data
   * @param {import("../page/transcript.js").Transcript} page.transcript
   * @param {import("../page/player.js").Player} page.player
   * @param {import("./clips.js").Clips} page.clips
   */
  constructor(dialog, { data, transcript, player, clips }) {
    this.#dialog = dialog;
    this.#form = one(dialog, "form", HTMLFormElement);
    this.#fields = /** @type {HTMLFormControlsCollection & Fields} */ (this.#form.elements);
    this.#data = data;
    this.#transcript = transcript;
    this.#url = `/api/episodes/${data.id}/clips`;
    this.#cut = new ClipCut(one(dialog, ".cut"), data, (word) => transcript.word(word).textContent ?? "");
    this.#stills = new Stills(one(dialog, ".shapes"), one(dialog, ".large", HTMLImageElement), `${this.#url}/still`);
    this.#look = new ClipLook(one(dialog, ".styling"), this.#url);
    this.#moving = new ClipMoving(one(dialog, ".preview"), this.#url);
    const video = one(dialog, "video", HTMLVideoElement);
    this.#listening = new ClipListening(this.#button("listen"), this.#part("listen"), video);
    this.#export = new ClipExport(clips, this.#part("outcome"), one(dialog, '[type="submit"]', HTMLButtonElement));
    this.#listening.addEventListener("play", () => player.pause());
    this.#listen();
    transcript.addEventListener("patched", (event) => this.#renumber(detailOf(event)));
  }

  /**
   * Opens for words; `shape` makes it an audiogram.
   * @param {Selected} words
   * @param {string} [shape]
   */
  open({ first, last }, shape = "") {
    const key = `${first}-${last}`;
    this.#clip = this.#drafts.get(key) ?? new ClipDraft(this.#data, first, last);
    this.#drafts.set(key, this.#clip);
    this.#fields.shape.value = shape;
    this.#fields.text.value = this.#clip.text ?? "";
    this.#export.clear();
    this.#part("cautions").replaceChildren();
    this.#stills.clear();
    this.#dialog.showModal();
    this.#cut.use(this.#clip);
    this.#changed(0);
  }

  /**
   * The page's words have other numbers from `at` on, where `drop` of them gave way to `put`: of those nothing is cut.
   * @param {{at: number, drop: number, put: number}} change
   */
  #renumber({ at, drop, put }) {
    this.#drafts.clear();
    if (!this.#dialog.open || this.#clip.last <= at) return;
    const { first, last } = this.#clip, by = put - drop, shape = this.#fields.shape.value;
    this.#dialog.close();
    if (first >= at + drop) this.open({ first: first + by, last: last + by }, shape);
  }

  /** @param {string} name */
  #part(name) { return one(this.#dialog, `[data-part="${name}"]`); }

  /** @param {string} name */
  #button(name) { return one(this.#dialog, `[data-do="${name}"]`, HTMLButtonElement); }

  #listen() {
    const { text } = this.#fields;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#make(); });
    this.#form.addEventListener("change", ({ target }) => { if (target !== text) this.#changed(0); });
    text.addEventListener("input", () => { this.#clip.text = text.value; this.#changed(); });
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#listening.addEventListener("time", () => this.#playing());
    this.#cut.addEventListener("move", () => this.#changed());
    this.#cut.addEventListener("drop", () => this.#changed(0));
    this.#look.addEventListener("change", () => this.#changed());
    for (const part of [this.#cut, this.#look]) part.addEventListener("failed", (event) => this.#fail(detailOf(event)));
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    if (event.target === this.#dialog) return this.#dialog.close();
    const action = around(event, "button")?.dataset.do;
    if (action === "close") this.#dialog.close();
    if (action === "listen") this.#hear();
    if (action === "wording") { this.#clip.text = null; this.#changed(0); }
  }

  /**
   * @param {StyleChoices} [style] of an audiogram
   * @returns {Export}
   */
  #wanted(style = this.#look.wanted) {
    const { format, tighten, shape: { value: shape }, lufs: { value: lufs } } = this.#fields;
    return {
      ...this.#clip.wanted,
      shape: shape || null,
      format: format.value,
      lufs: lufs === "" ? null : Number(lufs),
      tighten: tighten.checked,
      text: shape ? this.#clip.text : null,
      ...(shape ? style : {}),
    };
  }

  // It is another clip now; the server is asked what it makes of it.
  #changed(after = PAUSE_MS) {
    clearTimeout(this.#timer);
    this.#round++;
    this.#listening.stop();
    this.#moving.clear();
    this.#clip.unsettle();
    this.#show();
    this.#timer = setTimeout(() => this.#ask(), after);
  }

  // One question at a time, or the server would still be at work on what is long past.
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    let round;
    do {
      round = this.#round;
      await this.#preview(this.#staleness());
    } while (round !== this.#round && this.#dialog.open);
    this.#asking = false;
  }

  // Says, when it is called, whether the clip has changed since, or the panel is closed.
  #staleness() {
    const round = this.#round;
    return () => round !== this.#round || !this.#dialog.open;
  }

  /** @param {() => boolean} stale */
  async #preview(stale) {
    try {
      /** @type {ClipPreview} */
      const preview = await send("POST", `${this.#url}/preview`, this.#wanted(this.#look.chosen));
      if (stale()) return;
      this.#clip.settle(preview);
      if (this.#clip.text === null && preview.wording !== null) this.#fields.text.value = preview.wording;
      this.#part("cautions").replaceChildren(...cautionLines(preview.cautions));
      this.#part("problem").hidden = true;
      if (preview.look) this.#look.show(preview.look);
      this.#show();
      const wanted = this.#wanted();
      const moving = wanted.shape && this.#moving.show(wanted, preview.duration, stale);
      await Promise.all([this.#stills.show(wanted, stale), moving]);
    } catch (error) {
      if (!stale()) this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#part("problem").hidden = false;
    this.#part("problem").textContent = messageOf(error);
    this.#failed = error;
    if (error instanceof LostError) answering().then(() => { if (this.#failed === error) this.#tryAgain(); });
  }

  // What the server did not answer, once it does.
  #tryAgain() {
    this.#failed = null;
    this.#part("problem").hidden = true;
    if (!this.#dialog.open) return;
    this.#cut.again();
    this.#changed(0);
  }

  #show() {
    const { first, last, printed, text } = this.#clip;
    const { value: shape } = this.#fields.shape;
    this.#dialog.dataset.kind = shape || "sound";
    this.#part("title").textContent = t(shape ? "clip.audiogram" : "clip.sound");
    this.#part("quote").textContent = printed ?? this.#quoted(first, last);
    this.#button("wording").disabled = text === null;
    this.#cut.show();
  }

  /**
   * The words as they stand on the page, until the server has said how they will be printed.
   * @param {number} first
   * @param {number} last
   */
  #quoted(first, last) {
    const range = document.createRange();
    range.setStartBefore(this.#transcript.word(first));
    range.setEndAfter(this.#transcript.word(last - 1));
    const copy = range.cloneContents();
    for (const other of copy.querySelectorAll(".who, .missing, .unfold, .chapter, .note")) other.remove();
    return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
  }

  async #hear() {
    const load = () => fetchBlob(`${this.#url}/sound`, this.#wanted());
    const { whole } = this.#moving;
    try {
      if (whole) await this.#listening.watch(whole, this.#clip.lead);
      else await this.#listening.toggle(load, this.#staleness());
    } catch (error) {
      this.#fail(error);
    }
  }

  #playing() {
    // Where pauses were tightened, the clip's time is not the episode's.
    this.#cut.play(this.#fields.tighten.checked ? null : this.#listening.time);
  }

  async #make() {
    const made = this.#clip;
    const clip = await this.#export.run(this.#wanted(), () => made !== this.#clip);
    // What was found by listening to the result joins what was known before.
    if (clip) this.#part("cautions").replaceChildren(...cautionLines(clip.cautions));
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#round++;
    this.#listening.stop();
    this.#moving.clear();
  }
}
