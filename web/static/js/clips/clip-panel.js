// @ts-check
// The panel in which a clip is made: its preview, edges, shape and wording, what to check, and its export.

import { fetchBlob, send } from "../ui/api.js";
import { LostError, answering } from "../ui/connection.js";
import { around, detailOf, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";
import { ClipCut } from "./clip-cut.js";
import { ClipDraft } from "./clip-edges.js";
import { ClipLook, ClipPreviews } from "./clip-look.js";
import { rendered } from "./clips.js";

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
  #fields;
  #data;
  #transcript;
  #clips;
  #url;
  #cut;
  #look;
  #previews;
  #listening;
  #adjust;
  #timer = 0;
  #round = 0; // counts changes
  #isAsking = false;
  #isExporting = false;
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
    const form = one(dialog, "form", HTMLFormElement);
    this.#dialog = dialog;
    this.#fields = /** @type {HTMLFormControlsCollection & Fields} */ (form.elements);
    this.#data = data;
    this.#transcript = transcript;
    this.#clips = clips;
    this.#url = `/api/episodes/${data.id}/clips`;
    this.#cut = new ClipCut(one(dialog, ".cut"), data, (word) => transcript.word(word).textContent ?? "");
    this.#look = new ClipLook(one(dialog, ".styling"), this.#url);
    this.#previews = new ClipPreviews(dialog, this.#url);
    this.#listening = new Listening(one(dialog, '[data-do="listen"]', HTMLButtonElement));
    this.#adjust = one(dialog, "details", HTMLDetailsElement);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#export(); });
    form.addEventListener("change", ({ target }) => this.#chosen(/** @type {HTMLElement} */ (target)));
    const { text } = this.#fields;
    text.addEventListener("input", () => { this.#clip.text = text.value; this.#changed(); });
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("close", () => this.#stop());
    this.#adjust.addEventListener("toggle", () => { if (this.#adjust.open && dialog.open) this.#cut.again(); });
    this.#listening.addEventListener("play", () => { player.pause(); this.#previews.mute(); });
    one(dialog, "video").addEventListener("volumechange", () => { if (this.#previews.isHeard) { player.pause(); this.#listening.stop(); } });
    // Where pauses were tightened, the clip's time is not the episode's.
    this.#listening.addEventListener("time", () => this.#cut.play(this.#fields.tighten.checked ? null : this.#listening.time));
    this.#cut.addEventListener("move", () => this.#changed());
    this.#cut.addEventListener("drop", () => this.#changed(0));
    this.#look.addEventListener("change", () => this.#changed());
    for (const part of [this.#cut, this.#look]) part.addEventListener("failed", (event) => this.#fail(detailOf(event)));
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
    this.#adjust.open = !shape;
    this.#previews.clear();
    this.#dialog.showModal();
    this.#cut.use(this.#clip);
    this.#part("cautions").replaceChildren();
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

  /** @param {HTMLElement} field */
  #chosen(field) {
    if (field === this.#fields.text) return;
    if (field.matches('[name="shape"]')) this.#adjust.open = !this.#fields.shape.value;
    this.#changed(0);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const action = around(event, "button")?.dataset.do;
    if (action === "close" || event.target === this.#dialog) this.#dialog.close();
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
    this.#stop();
    this.#clip.unsettle();
    if (!this.#isExporting) this.#offer();
    this.#show();
    this.#timer = setTimeout(() => this.#ask(), after);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#round++;
    this.#listening.stop();
    this.#previews.stop();
  }

  // One question at a time, or the server would still be at work on what is long past.
  async #ask() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    let round;
    do {
      round = this.#round;
      await this.#preview(this.#staleness());
    } while (round !== this.#round && this.#dialog.open);
    this.#isAsking = false;
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
      this.#part("cautions").replaceChildren(...rendered(preview.to_check));
      this.#part("problem").hidden = true;
      if (preview.look) this.#look.show(preview.look);
      this.#show();
      await this.#previews.show(this.#wanted(), preview.duration, stale);
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
    const { first, last, printed, text } = this.#clip, shape = this.#fields.shape.value;
    this.#dialog.dataset.kind = shape || "sound";
    this.#part("title").textContent = t(shape ? "clip.audiogram" : "clip.sound");
    this.#part("quote").textContent = printed ?? this.#quoted(first, last);
    one(this.#dialog, '[data-do="wording"]', HTMLButtonElement).disabled = text === null;
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
    try {
      await this.#listening.toggle(() => fetchBlob(`${this.#url}/sound`, this.#wanted()), this.#staleness());
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Shows what became of the export; what is to be done next is the one button that is filled.
   * @param {...HTMLElement} outcome
   */
  #offer(...outcome) {
    this.#part("outcome").replaceChildren(...outcome);
    one(this.#dialog, '[type="submit"]').classList.toggle("filled", !outcome.some((each) => each.matches(".filled")));
  }

  async #export() {
    const exported = this.#clip, button = one(this.#dialog, '[type="submit"]', HTMLButtonElement);
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", t("clip.exporting"));
    this.#offer(bar);
    this.#isExporting = button.disabled = true;
    try {
      const [{ job, clip }] = await this.#clips.make([this.#wanted()], ({ run_done }) => {
        if (run_done !== null) bar.value = run_done;
      });
      if (exported !== this.#clip) return this.#offer();
      if (!clip) return this.#offer(failure(job.message || t("clips.cancelled")));
      this.#offer(...downloads(this.#clips.file(clip), clip));
      announce(t("clips.ready"));
      // What was found by listening to the result joins what was known before.
      this.#part("cautions").replaceChildren(...rendered(clip.to_check));
    } catch (error) {
      const line = failure(messageOf(error));
      this.#offer(line);
      if (error instanceof LostError) answering().then(() => { line.remove(); this.#clips.load(); }); // it may have begun
    } finally {
      this.#isExporting = button.disabled = false;
    }
  }
}

/**
 * What an exported clip is downloaded by, and shared where the browser can share its file.
 * @param {string} url
 * @param {Clip} clip
 */
function downloads(url, clip) {
  const link = document.createElement("a"), name = document.createElement("bdi");
  link.className = "button filled";
  link.href = `${url}?download`;
  name.textContent = clip.name;
  const [before, after] = t("clip.download", { name: "\n" }).split("\n");
  link.append(before, name, after);
  const type = clip.video ? "video/mp4" : "audio/mpeg";
  if (!navigator.canShare?.({ files: [new File([""], clip.name, { type })] })) return [link];
  const share = document.createElement("button");
  Object.assign(share, { type: "button", className: "button", textContent: t("clip.share") });
  share.addEventListener("click", async () => {
    const file = new File([await (await fetch(url)).blob()], clip.name, { type });
    await navigator.share({ files: [file] }).catch(() => {}); // the reader thought better of it
  });
  return [link, share];
}

/** @param {string} message */
function failure(message) {
  const line = document.createElement("p");
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = message;
  return line;
}

// Listening to a clip as it will be exported. Events: "play" as it begins, "time" as it goes on and ends.
class Listening extends EventTarget {
  #sound = new Audio();
  #button;

  /** @param {HTMLButtonElement} button */
  constructor(button) {
    super();
    this.#button = button;
    for (const name of ["timeupdate", "play", "pause", "ended"]) this.#sound.addEventListener(name, () => this.#tell());
  }

  // Seconds of the clip while it is heard, else null.
  get time() { return this.#sound.paused || this.#sound.ended ? null : this.#sound.currentTime; }

  stop() { this.#sound.pause(); }

  /**
   * Stops, or plays what `load` gives, unless `stale()` says that it is no longer wanted then.
   * @param {() => Promise<Blob>} load
   * @param {() => boolean} stale
   */
  async toggle(load, stale) {
    if (this.time !== null) return this.stop();
    this.#button.disabled = true;
    try {
      const blob = await load();
      if (stale()) return;
      URL.revokeObjectURL(this.#sound.src);
      this.#sound.src = URL.createObjectURL(blob);
      this.dispatchEvent(new Event("play"));
      await this.#sound.play();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error; // it was stopped meanwhile
    } finally {
      this.#button.disabled = false;
    }
  }

  #tell() {
    const on = this.time !== null;
    one(this.#button, "span").textContent = t(on ? "clip.stop" : "clip.listen");
    this.#button.classList.toggle("playing", on);
    this.dispatchEvent(new Event("time"));
    if (on) requestAnimationFrame(() => { if (this.time !== null) this.#tell(); });
  }
}
