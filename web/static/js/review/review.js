// @ts-check
// Reviewing an episode: one passage after the other that deserves a look, with why; each accepted, or set right by its
// words, which repairs what is around them.

import { all, around, byId, detailOf, one } from "../ui/elements.js";
import { announce, t } from "../ui/strings.js";
import { InText } from "./in-text.js";
import { useReviewKeys } from "./keys.js";
import { BESIDE, HeardSound, Listening, PARTS } from "./listening.js";
import { Marks } from "./marks.js";
import { Passages } from "./passages.js";
import { accepting, asPrinted, isOpen, ofKind, renumbered, stepped } from "./queue.js";
import { Showing, useKinds, whereIn, withReview } from "./showing.js";
import { Signing } from "./signing.js";
import { Starting } from "./starting.js";
import { WordEditor } from "./word-editor.js";

/** @typedef {import("../page/changes.js").Changes} Changes */

/**
 * @param {import("../page/reading.js").Reading} reading
 * @param {Changes} changes
 * @param {import("../ui/toast.js").Toast} toast
 */
export function useReview(reading, changes, toast) {
  const panel = document.getElementById("review");
  if (!panel || !changes.editable) return;
  const review = new ReviewPanel(panel, reading, changes, toast);
  document.addEventListener("click", (event) => { if (around(event, "[data-review]")) review.toggle(); });
  if (new URLSearchParams(location.search).has("review")) review.open();
}

class ReviewPanel {
  #panel;
  #reading;
  #changes;
  #editor;
  #listening;
  #heard;
  #signing;
  #showing;
  #inText;
  #passages;
  #marks;
  #starting;
  #starts;
  #left = -1; // passages, as is shown

  /**
   * @param {HTMLElement} panel
   * @param {import("../page/reading.js").Reading} reading
   * @param {Changes} changes
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(panel, reading, changes, toast) {
    const { data, player, transcript } = reading;
    this.#panel = panel;
    this.#reading = reading;
    this.#changes = changes;
    this.#editor = new WordEditor(one(panel, ".word-wave"), data, transcript);
    this.#listening = new Listening(player);
    this.#heard = new HeardSound(data, player);
    this.#signing = new Signing(byId("sign-dialog", HTMLDialogElement), data, changes);
    this.#showing = new Showing(panel);
    this.#inText = new InText(transcript);
    this.#passages = new Passages(data.id, changes);
    this.#marks = new Marks(panel, this.#editor, reading, changes);
    this.#starting = new Starting(this.#editor, player, toast, (corrections) => this.#correctAll(corrections));
    this.#starts = data.starts;
    player.addEventListener("time", () => { if (!panel.hidden) this.#editor.play(player.time, player.playing); });
    this.#editor.addEventListener("correct", (event) => this.#correctAll(detailOf(event)));
    this.#editor.addEventListener("seek", (event) => player.seek(detailOf(event)));
    this.#editor.addEventListener("chosen", () => this.#showTools());
    this.#editor.addEventListener("failed", (event) => toast.failed(detailOf(event)));
    this.#passages.addEventListener("failed", (event) => toast.failed(detailOf(event)));
    this.#passages.addEventListener("renewed", () => this.#renewed());
    this.#passages.addEventListener("back", (event) => this.#goBack(detailOf(event)));
    changes.addEventListener("changed", (event) => this.#changed(detailOf(event).words));
    changes.addEventListener("undone", (event) => { if (!panel.hidden) this.#passages.comeBack(detailOf(event)); });
    changes.addEventListener("told", () => this.#showTools());
    for (const name of ["focusin", "click"]) transcript.root.addEventListener(name, (event) => this.#lookAt(transcript.indexOf(event.target)));
    byId("lacking").addEventListener("close", () => this.#takeFocus());
    panel.addEventListener("click", (event) => this.#clicked(event));
    useReviewKeys(panel, () => this.open(), ({ act, by = 0 }) => this.#do(act, by));
    useKinds(one(panel, "select", HTMLSelectElement), (kind, byHand) => {
      this.#go(ofKind(this.#standing, kind));
      if (byHand) this.#editor.focusable.focus({ preventScroll: true }); // arrows are for the words again
    });
    one(byId("accept-all"), "[data-do=all]").addEventListener("click", () => this.#acceptAll());
    new ResizeObserver(() => document.documentElement.style.setProperty("--review", `${panel.offsetHeight}px`)).observe(panel);
  }

  get #standing() { return this.#passages.standing; }

  toggle() { return this.#panel.hidden ? this.open() : this.close(); }

  async open() {
    this.#panel.hidden = false;
    document.body.classList.add("reviewing");
    for (const button of all(document, "[data-review]")) button.setAttribute("aria-expanded", "true");
    history.replaceState(history.state, "", withReview(true));
    this.#editor.focusable.focus({ preventScroll: true });
    this.#changes.ask();
    await this.#passages.load();
    if (!this.#standing.shown) this.#go(stepped({ ...this.#standing, at: 0 }, 1), !this.#reading.player.playing);
  }

  close() {
    this.#panel.hidden = true;
    document.body.classList.remove("reviewing");
    for (const button of all(document, "[data-review]")) button.setAttribute("aria-expanded", "false");
    history.replaceState(history.state, "", withReview(false));
    this.#inText.mark(null);
    /** @type {HTMLElement | null} */ (document.querySelector("[data-review]"))?.focus();
  }

  // What each button and key does.
  /** @type {Record<string, (by: number) => unknown>} */
  #acts = {
    next: () => this.#go(stepped(this.#standing, 1)),
    previous: () => this.#go(stepped(this.#standing, -1)),
    accept: () => this.#accept(), keep: () => this.#accept(),
    dismiss: () => this.#dismiss(), neither: () => this.#dismiss(),
    undo: () => this.#changes.undo(),
    redo: () => this.#changes.redo(),
    all: () => this.#askAll(),
    put: () => { const { shown } = this.#standing; if (shown) this.#inText.putIn(shown); },
    take: () => { const { shown } = this.#standing; if (shown?.kind === "otherwise") this.#inText.putIn(shown); },
    edit: () => { const { shown } = this.#standing; if (shown) this.#inText.edit(shown); },
    mark: () => this.#marks.toggle(this.#standing),
    belong: () => this.#marks.belong(),
    advert: () => this.#settle("advert"),
    jingle: () => this.#settle("jingle"),
    unspoken: () => { const { chosen } = this.#editor; if (chosen) this.#correctAll([{ kind: "unspoken", first: chosen.first, stop: chosen.last }]); },
    now: () => this.#starting.now(),
    nudge: (by) => this.#editor.nudge(by, this.#sideInFocus),
    ...Object.fromEntries(Object.keys(PARTS).map((name) => [name, () => this.#hear(PARTS[name])])),
    passage: () => { const { shown } = this.#standing; if (shown) this.#listening.play(shown.start - BESIDE, shown.end + BESIDE); },
    loop: () => { this.#listening.loops = !this.#listening.loops; this.#showTools(); },
    backward: () => this.#editor.step(-1),
    forward: () => this.#editor.step(1),
    closer: () => { this.#editor.zoom(1); this.#showTools(); },
    wider: () => { this.#editor.zoom(-1); this.#showTools(); },
    spectrum: () => this.#editor.spectrum.toggle(one(this.#panel, "[data-do=spectrum]")),
    sign: async () => { const review = await this.#passages.upToDate(); if (review) this.#signing.open(review, this.#heard.spans); },
    close: () => this.close(),
  };

  /** @param {string} act @param {number} by */
  #do(act, by) {
    if (act !== "nudge") this.#editor.commit(); // what was nudged is meant, before all that follows
    this.#acts[act](by);
  }

  get #sideInFocus() {
    const handle = around(document.activeElement, "#review .handle[data-side]");
    return handle ? /** @type {Side} */ (handle.dataset.side) : null;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = around(event, "[data-do]", HTMLButtonElement);
    if (!button) return;
    // By hand, or where a passage is done: keys are for the words again, also after what a dialog asks. Enter accepts then,
    // and presses no button once more.
    if (event.detail > 0 || button.matches(".decide :not([data-do=next], [data-do=previous])")) this.#editor.focusable.focus({ preventScroll: true });
    this.#do(button.dataset.do ?? "", Number(button.dataset.by ?? 0));
  }

  // The server has told how things are.
  #renewed() {
    const { review, standing } = this.#passages;
    if (review) this.#editor.use(review);
    this.#inText.mark((isOpen(standing) && standing.shown?.words) || null);
    if (standing.items.length !== this.#left) announce(t("review.now", { n: standing.items.length }));
    this.#show();
  }

  /**
   * The page shows another state: what is repaired is shown, and the reader stays where they are.
   * @param {NewWords} words which gave way to others
   */
  #changed(words) {
    const { data } = this.#reading, before = this.#starts;
    this.#starts = data.starts;
    if (words.drop !== words.put) {
      const now = (/** @type {number} */ word) => renumbered(word, words);
      this.#editor.renumber(now);
      this.#passages.renumber(now);
    } else {
      this.#inText.repaired(before, data.starts);
    }
    if (this.#panel.hidden) return this.#passages.forget();
    this.#editor.refresh();
    this.#passages.load();
  }

  /** @param {number} word of the transcript that has the focus, or was pressed */
  #lookAt(word) { if (word >= 0 && !this.#panel.hidden) this.#editor.lookAt(word); }
  // Where what had the focus is gone, or was of the panel, keys are for the words.
  #takeFocus() {
    const has = document.activeElement;
    if (!this.#panel.hidden && (has === document.body || this.#panel.contains(has))) this.#editor.focusable.focus({ preventScroll: true });
  }

  /**
   * Goes to a passage, and the sound with it.
   * @param {import("./queue.js").Standing} standing
   * @param {boolean} [withSound]
   */
  #go(standing, withSound = true) {
    this.#passages.standing = standing;
    const { shown } = standing;
    this.#show();
    if (!shown) return this.#inText.mark(null);
    this.#editor.open(shown);
    this.#inText.mark(shown.words);
    this.#inText.goTo(shown);
    if (withSound) this.#listening.stand(shown);
    announce([whereIn(standing), ...shown.reasons].join(" "));
  }

  // Back to a passage, and to words of it; where one listens, that goes on.
  /** @param {{standing: import("./queue.js").Standing, words: Words | null}} at */
  #goBack({ standing, words }) {
    this.#go(standing, !this.#reading.player.playing);
    if (!words) return;
    this.#editor.choose(words[0]);
    this.#editor.choose(words[1] - 1, true);
  }

  #show() {
    this.#left = this.#standing.items.length;
    this.#showing.queue(this.#standing, this.#passages.review);
    this.#showTools();
  }

  #showTools() {
    const { chosen, zooms } = this.#editor;
    const isSaid = chosen !== null && this.#reading.data.starts.slice(chosen.first, chosen.last).some((start) => start !== null);
    const { undoable, redoable } = this.#changes, { loops } = this.#listening;
    this.#showing.tools(this.#standing, { isChosen: chosen !== null, isSaid, zooms, loops, undoable, redoable });
  }

  /** @param {import("./listening.js").Part} part of what is chosen */
  #hear(part) {
    const span = this.#marks.span ?? this.#editor.span;
    if (span) this.#listening.play(...part(...span));
  }

  /** @param {(Record<string, unknown> & {kind: string})[]} corrections */
  async #correctAll(corrections) {
    for (const correction of corrections) {
      const answer = await this.#passages.correct(correction);
      if (!answer) return void this.#editor.reset();
      if (answer.silenced) this.#changes.tell(answer);
    }
    return true;
  }

  /** @param {string} as */
  #settle(as) { const { shown } = this.#standing; if (shown) this.#done([shown], { kind: "settle", as, start: shown.start, end: shown.end }); }

  // Speech without text is not accepted but put in: that it needs no text is said by its own button.
  #accept() {
    const { shown } = this.#standing;
    if (!shown || !isOpen(this.#standing)) return this.#go(stepped(this.#standing, 1));
    if (shown.kind === "lacking") return this.#inText.putIn(shown);
    return this.#done([shown], asPrinted(shown) ?? accepting([shown]));
  }

  #dismiss() { const { shown } = this.#standing; if (shown) this.#done([shown], accepting([shown])); }

  /**
   * Goes on to the next passage, while a correction that settles some is made; back to them where it is refused.
   * @param {ReviewItem[]} items
   * @param {Record<string, unknown> & {kind: string}} correction
   */
  async #done(items, correction) {
    const made = this.#passages.settle(items, correction);
    this.#go(stepped(this.#standing, 1));
    const answer = await made;
    if (!answer) this.#goBack({ standing: this.#passages.at(items[0]), words: null });
    return answer;
  }

  #askAll() {
    const { items, shown } = this.#standing, dialog = byId("accept-all", HTMLDialogElement);
    const n = items.filter(({ kind }) => kind === shown?.kind).length;
    one(dialog, "[data-part=what]").textContent = t(`review.all.${shown?.kind}`, { n });
    dialog.showModal();
  }

  async #acceptAll() {
    const { items, shown } = this.#standing, alike = items.filter(({ kind }) => kind === shown?.kind);
    const made = this.#done(alike, accepting(alike));
    this.#editor.focusable.focus({ preventScroll: true });
    this.#changes.tell(await made, t("review.accepted", { n: alike.length }));
  }
}
