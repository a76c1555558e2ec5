// @ts-check
// The panel for a clip: preview, edges, shape, wording, checks and export.

import { fetchBlob, send } from "../ui/api.js";
import { around, detailOf, one, rendered } from "../ui/elements.js";
import { ReaderError, announce, messageOf, t } from "../ui/strings.js";
import { ClipCut } from "./clip-cut.js";
import { ClipDraft } from "./clip-edges.js";
import { ClipStyle, ClipPreviews } from "./clip-style.js";

/**
 * @typedef {Object} Fields of the panel's form
 * @property {RadioNodeList} shape
 * @property {HTMLTextAreaElement} text
 * @property {HTMLSelectElement} format
 * @property {HTMLSelectElement} lufs
 * @property {HTMLInputElement} tighten
 */

const PAUSE_MS = 250; // after the last change, before the request

export class ClipPanel {
  #dialog;
  #fields;
  #data;
  #clips;
  #url;
  #cut;
  #style;
  #previews;
  #audio = new Audio(); // the clip as it would be exported
  #listenButton;
  #adjust;
  #exporting;
  #current = new AbortController(); // aborts the requests for an outdated draft
  /** @type {Promise<unknown>} the last request; they run one at a time */
  #preparing = Promise.resolve();
  #clip = /** @type {ClipDraft} */ (/** @type {unknown} */ (null)); // set when the panel opens
  /** @type {Map<string, ClipDraft>} drafts by their words, so that closing the panel loses nothing */
  #drafts = new Map();

  /**
   * @param {HTMLDialogElement} dialog
   * @param {import("../page/reading.js").Reading} reading
   * @param {import("./clips.js").Clips} clips
   */
  constructor(dialog, { data, transcript, player, toast }, clips) {
    const form = one(dialog, "form", HTMLFormElement);
    this.#dialog = dialog;
    this.#fields = /** @type {HTMLFormControlsCollection & Fields} */ (form.elements);
    this.#data = data;
    this.#clips = clips;
    this.#url = `/api/episodes/${data.id}/clips`;
    this.#cut = new ClipCut(one(dialog, ".cut"), data, (word) => transcript.word(word).textContent ?? "");
    this.#style = new ClipStyle(one(dialog, ".styling"), this.#url);
    this.#previews = new ClipPreviews(dialog, this.#url);
    this.#listenButton = one(dialog, '[data-do="listen"]', HTMLButtonElement);
    this.#adjust = one(dialog, ".adjust", HTMLDetailsElement);
    this.#exporting = one(dialog, '[type="submit"]', HTMLButtonElement);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#export(); });
    form.addEventListener("change", ({ target }) => this.#chosen(/** @type {HTMLElement} */ (target)));
    const { text } = this.#fields;
    text.addEventListener("input", () => { this.#clip.text = text.value; this.#changed(); });
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("close", () => this.#stop());
    this.#adjust.addEventListener("toggle", () => { if (this.#adjust.open && dialog.open) this.#cut.again(); });
    this.#audio.addEventListener("play", () => { player.pause(); this.#previews.mute(); });
    for (const name of ["play", "pause"]) this.#audio.addEventListener(name, () => this.#showPlayback());
    one(dialog, "video").addEventListener("volumechange", () => { if (this.#previews.isAudible) { player.pause(); this.#audio.pause(); } });
    this.#cut.addEventListener("move", () => this.#changed());
    this.#cut.addEventListener("drop", () => this.#changed(0));
    this.#style.addEventListener("change", () => this.#changed());
    for (const part of [this.#cut, this.#style]) part.addEventListener("failed", (event) => this.#fail(detailOf(event)));
    transcript.addEventListener("patched", (event) => {
      const first = this.#clip?.first, left = [...this.#drafts.values()].filter((draft) => draft.follow(detailOf(event)));
      this.#drafts = new Map(left.map((draft) => [draft.key, draft]));
      if (!dialog.open) return;
      if (this.#clip.first !== first) this.#changed(0);
      if (left.includes(this.#clip)) return;
      dialog.close();
      toast.show(t("clip.changed"), { stays: true });
    });
  }

  /**
   * Open for words; `shape` makes it an audiogram.
   * @param {Selected} words
   * @param {string} [shape]
   */
  open({ first, last }, shape = "") {
    const clip = new ClipDraft(this.#data, first, last);
    this.#clip = this.#drafts.get(clip.key) ?? clip;
    this.#drafts.set(clip.key, this.#clip);
    this.#fields.shape.value = shape;
    this.#fields.text.value = this.#clip.text ?? "";
    this.#adjust.open = !shape;
    this.#previews.clear();
    for (const name of ["cautions", "quote"]) this.#part(name).replaceChildren();
    this.#dialog.showModal();
    this.#cut.use(this.#clip);
    this.#changed(0);
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
    if (action === "listen") this.#listen();
    if (action === "wording") { this.#clip.text = null; this.#changed(0); }
  }

  /**
   * @param {StyleChoices} [style] of an audiogram
   * @returns {Export}
   */
  #wanted(style = this.#style.wanted) {
    const { format, tighten, shape: { value: shape }, lufs: { value: lufs } } = this.#fields;
    return {
      ...this.#clip.request,
      shape: shape || null,
      format: format.value,
      lufs: lufs === "" ? null : Number(lufs),
      tighten: tighten.checked,
      text: shape ? this.#clip.text : null,
      ...(shape ? style : {}),
    };
  }

  // The draft changed: asks the server for its preview.
  #changed(after = PAUSE_MS) {
    this.#stop();
    const { signal } = (this.#current = new AbortController());
    this.#clip.dropPreview();
    if (!this.#exporting.ariaDisabled) this.#offer();
    this.#show();
    setTimeout(() => { this.#preparing = this.#preparing.then(() => this.#ask(signal)); }, after);
  }

  #stop() {
    this.#current.abort();
    this.#audio.pause();
    this.#previews.stop();
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    if (signal.aborted) return;
    try {
      /** @type {ClipPreview} */
      const preview = await send("POST", `${this.#url}/preview`, this.#wanted(this.#style.chosen));
      signal.throwIfAborted();
      this.#clip.applyPreview(preview);
      if (this.#clip.text === null && preview.wording !== null) this.#fields.text.value = preview.wording;
      this.#part("cautions").replaceChildren(...rendered(preview.to_check));
      this.#part("problem").hidden = true;
      if (preview.style) this.#style.show(preview.style);
      this.#show();
      await this.#previews.show(this.#wanted(), preview.duration, signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#part("problem").hidden = false;
    this.#part("problem").textContent = messageOf(error);
  }

  #show() {
    const { printed, text } = this.#clip, shape = this.#fields.shape.value;
    this.#dialog.dataset.kind = shape || "audio";
    this.#part("title").textContent = t(shape ? "clip.audiogram" : "clip.sound");
    if (printed !== null) this.#part("quote").textContent = printed;
    one(this.#dialog, '[data-do="wording"]', HTMLButtonElement).disabled = text === null;
    this.#cut.show();
  }

  async #listen() {
    const { signal } = this.#current;
    if (!this.#audio.paused) return this.#audio.pause();
    this.#listenButton.disabled = true;
    try {
      const blob = await fetchBlob(`${this.#url}/sound`, this.#wanted(), signal);
      URL.revokeObjectURL(this.#audio.src);
      this.#audio.src = URL.createObjectURL(blob);
      await this.#audio.play().catch(() => {}); // playback was stopped meanwhile
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      this.#listenButton.disabled = false;
    }
  }

  // Shows the playback position in the waveform; with shortened pauses clip time is not episode time.
  #showPlayback() {
    const { paused, currentTime } = this.#audio;
    one(this.#listenButton, "span").textContent = t(paused ? "clip.listen" : "clip.stop");
    this.#listenButton.classList.toggle("playing", !paused);
    this.#cut.play(paused || this.#fields.tighten.checked ? null : currentTime);
    if (!paused) requestAnimationFrame(() => this.#showPlayback());
  }

  /**
   * Show the outcome of the export; the button for the next step is the filled one.
   * @param {...HTMLElement} outcome
   */
  #offer(...outcome) {
    this.#part("outcome").replaceChildren(...outcome);
    this.#exporting.classList.toggle("filled", !outcome.some((each) => each.matches(".filled")));
  }

  async #export() {
    if (this.#exporting.ariaDisabled) return;
    const exported = this.#clip, bar = document.createElement("progress");
    bar.setAttribute("aria-label", t("clip.exporting"));
    this.#offer(bar);
    this.#exporting.ariaDisabled = "true"; // disabled, it would lose the focus
    try {
      const [{ job, clip }] = await this.#clips.make([this.#wanted()], ({ run_done }) => {
        if (run_done !== null) bar.value = run_done;
      });
      if (exported !== this.#clip) return this.#offer();
      if (!clip) throw new ReaderError(job.message || t("clips.cancelled"));
      const [download, ...others] = downloads(this.#clips.file(clip), clip);
      this.#offer(download, ...others);
      if (document.activeElement === this.#exporting) download.focus();
      announce(t("clips.ready"));
      // Adds the warnings found by checking the exported audio.
      this.#part("cautions").replaceChildren(...rendered(clip.to_check));
    } catch (error) {
      const line = Object.assign(document.createElement("p"), { className: "problem", role: "alert", textContent: messageOf(error) });
      this.#offer(line);
    } finally {
      this.#exporting.ariaDisabled = null;
    }
  }
}

/**
 * Return the buttons to download an exported clip and, if the browser can share files, to share it.
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
    await navigator.share({ files: [file] }).catch(() => {}); // the reader cancelled
  });
  return [link, share];
}
