// @ts-check
// Speech missing from the transcript: a dialog inserts its words, as recognised or corrected, as a paragraph, or marks it
// as an ad, a jingle, or needing no text.

import { get } from "../ui/api.js";
import { clock } from "../ui/durations.js";
import { all, around, byId, detailOf, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { completedName, offerSpeakers } from "./paragraphs.js";

/** @typedef {{words: Words, printed: string | null}} Instead words to replace, and their text */

const NO_BREAK = /[\u00a0\u202f]/g;

/** @param {import("./reading.js").Reading} reading @param {import("./changes.js").Changes} changes */
export function useUntranscribed(reading, changes) {
  if (!changes.editable) return;
  const { root } = reading.transcript, dialog = new UntranscribedDialog(reading, changes);
  const offer = () => {
    for (const passage of all(root, ".missing")) offerAfter(passage, () => dialog.open(passage));
  };
  offer();
  reading.transcript.addEventListener("patched", offer);
  reading.transcript.addEventListener("edit", (event) => {
    const { place, instead } = detailOf(event);
    if (place.matches(".missing")) dialog.open(place, instead);
  });
}

/**
 * Add a button below a passage, once.
 * @param {HTMLElement} passage
 * @param {() => void} open
 */
function offerAfter(passage, open) {
  if (passage.nextElementSibling?.matches(".what-is-it")) return;
  const button = document.createElement("button"), { from, to } = passage.dataset;
  Object.assign(button, { type: "button", className: "quiet what-is-it", textContent: t("untranscribed.ask") });
  button.setAttribute("aria-label", t("untranscribed.ask.named", { from: clock(Number(from)), to: clock(Number(to)) }));
  button.addEventListener("click", open);
  passage.after(button);
}

class UntranscribedDialog {
  #reading;
  #changes;
  #dialog = byId("untranscribed", HTMLDialogElement);
  #text = byId("untranscribed-text", HTMLTextAreaElement);
  #speaker = byId("untranscribed-speaker", HTMLInputElement);
  #guessed = byId("untranscribed-guessed");
  #speakers = /** @type {string[]} */ ([]);
  #start = 0;
  #end = 0;
  /** @type {Instead | null} */
  #instead = null;

  /** @param {import("./reading.js").Reading} reading @param {import("./changes.js").Changes} changes */
  constructor(reading, changes) {
    this.#reading = reading;
    this.#changes = changes;
    const form = one(this.#dialog, "form", HTMLFormElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#text.setCustomValidity(/[\p{L}\p{N}]/u.test(this.#text.value) ? "" : t("untranscribed.empty"));
      if (!this.#text.reportValidity()) return;
      const text = this.#text.value;
      if (this.#instead) {
        const [first, stop] = this.#instead.words;
        this.#correct({ kind: "instead", first, stop, text }, "put");
      } else this.#correct({ kind: "insert", speaker: this.#speaker.value.trim() || null, text }, "put");
    });
    form.addEventListener("click", (event) => {
      const { as, do: action } = around(event, "button")?.dataset ?? {};
      if (as) this.#correct({ kind: "annotate", as }, as);
      else if (action === "again") this.#correct({ kind: "unannotate" }, "again");
      else if (action === "cancel") this.#dialog.close();
      else if (action === "play") reading.player.playSpan(this.#start, this.#end);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const name = completedName(this.#speaker.value, this.#speakers), isPartial = event.target === this.#speaker && name !== this.#speaker.value;
      if (isPartial) this.#speaker.value = name; // completes the beginning of a name
      if (isPartial || event.ctrlKey || event.metaKey) event.preventDefault();
      if (event.ctrlKey || event.metaKey) form.requestSubmit();
    });
    this.#text.addEventListener("input", () => this.#text.setCustomValidity(""));
    this.#speaker.addEventListener("input", () => { this.#guessed.hidden = true; });
    this.#dialog.addEventListener("close", () => reading.player.pause());
  }

  /** @param {HTMLElement} passage @param {Instead | null} [instead] */
  open(passage, instead = null) {
    const { from, to, recognised, annotation } = passage.dataset;
    [this.#instead, this.#start, this.#end] = [instead, Number(from), Number(to)];
    one(this.#dialog, "[data-part=speaker]").hidden = instead !== null;
    one(this.#dialog, "[data-part=instead-line]").hidden = instead === null;
    one(this.#dialog, "[data-part=instead]").textContent = instead?.printed ?? "";
    one(this.#dialog, "[data-part=when]").textContent = `${clock(this.#start)}–${clock(this.#end)}`;
    this.#text.value = (recognised ?? "").replace(NO_BREAK, " "); // added by the page's layout
    this.#text.lang = this.#reading.data.language;
    this.#speaker.value = "";
    this.#guessed.hidden = true;
    one(this.#dialog, "[data-do=again]").hidden = !annotation;
    for (const button of all(this.#dialog, "[data-as]")) button.hidden = button.dataset.as === annotation;
    this.#speakers = offerSpeakers(this.#reading.data);
    this.#dialog.showModal();
    if (!instead) this.#guess();
  }

  // Fills in the speaker that the server guesses, unless the reader has begun to type a name.
  async #guess() {
    const start = this.#start, query = new URLSearchParams({ from: String(start), to: String(this.#end) });
    const guess = await get(`/api/episodes/${this.#reading.data.id}/voice?${query}`).catch(() => null);
    if (!guess?.speaker || !this.#dialog.open || this.#start !== start || this.#speaker.value) return;
    this.#speaker.value = guess.speaker;
    this.#guessed.textContent = t("untranscribed.guessed.around");
    this.#guessed.hidden = false;
  }

  /** @param {import("./changes.js").Correction} correction @param {string} done suffix of the message's key */
  async #correct(correction, done) {
    this.#dialog.close();
    const answer = await this.#changes.correct({ ...correction, start: this.#start, end: this.#end });
    if (!answer) return this.#dialog.showModal(); // with the text still in it
    this.#changes.report(answer, t(`untranscribed.done.${done}`));
    const from = Math.round(this.#start * 1000);
    if (done === "put") this.#reading.transcript.reveal(this.#reading.data.starts.findIndex((start) => start !== null && start >= from));
  }
}
