// @ts-check
// The review of an episode: shows the passages to check one after the other, with the reasons. The reader leaves each as it
// is or corrects its words; the words around a correction are aligned again.

import { renumbered } from "../page/transcript.js";
import { all, around, byId, detailOf, one } from "../ui/elements.js";
import { announce, t, timeLeft } from "../ui/strings.js";
import { useReviewKeys } from "./keys.js";
import { MarkedPassage } from "./marked-passage.js";
import { Queue, accepting, isOpen } from "./queue.js";
import { PlayedAudio, markReviewed } from "./mark-reviewed.js";
import { WordEditor } from "./word-editor.js";

const NEAR = 0.5; // seconds: a position this near to a passage counts as in it
const LATE = 0.4; // seconds of reaction time
const BESIDE = 0.5; // seconds played before and after a word

/**
 * The parts of a word, or beside it, to play.
 * @type {Record<string, (start: number, end: number) => [start: number, end: number]>}
 */
const PARTS = {
  word: (start, end) => [start, end],
  before: (start) => [start - BESIDE, start],
  after: (_, end) => [end, end + BESIDE],
  first: (start, end) => [start, start + Math.min(BESIDE, (end - start) / 2)],
  last: (start, end) => [end - Math.min(BESIDE, (end - start) / 2), end],
};

/** @typedef {import("../page/changes.js").Correction} Correction */

/** @param {import("../page/reading.js").Reading} reading @param {import("../page/changes.js").Changes} changes */
export function useReview(reading, changes) {
  const panel = document.getElementById("review");
  if (!panel || !changes.editable) return;
  const review = new ReviewPanel(panel, reading, changes);
  document.addEventListener("click", (event) => { if (around(event, "[data-review]")) review.toggle(); });
  if (new URLSearchParams(location.search).has("review")) review.open();
}

class ReviewPanel {
  #panel;
  #reading;
  #changes;
  #editor;
  #played;
  #queue;
  #marked;
  #left = -1; // passages left, as shown

  /**
   * @param {HTMLElement} panel
   * @param {import("../page/reading.js").Reading} reading
   * @param {import("../page/changes.js").Changes} changes
   */
  constructor(panel, reading, changes) {
    const { data, player, transcript, toast } = reading;
    this.#panel = panel;
    this.#reading = reading;
    this.#changes = changes;
    this.#editor = new WordEditor(one(panel, ".word-wave"), data, transcript);
    this.#played = new PlayedAudio(data, player);
    this.#queue = new Queue(data.id, changes);
    this.#marked = new MarkedPassage(panel, this.#editor, reading, changes);
    player.addEventListener("time", () => { if (!panel.hidden) this.#editor.play(player.time, player.playing); });
    this.#editor.addEventListener("correct", (event) => this.#correctAll(detailOf(event)));
    this.#editor.addEventListener("seek", (event) => player.seek(detailOf(event)));
    this.#editor.addEventListener("chosen", () => this.#showTools());
    for (const each of [this.#editor, this.#queue]) each.addEventListener("failed", (event) => toast.failed(detailOf(event)));
    this.#queue.addEventListener("loaded", () => this.#showLoaded());
    changes.addEventListener("changed", (event) => this.#changed(detailOf(event).words));
    changes.addEventListener("undone", async () => { if (!panel.hidden && (await this.#queue.goToReopened())) this.#showPassage(!player.playing); });
    changes.addEventListener("answered", () => this.#showTools());
    for (const name of ["focusin", "click"]) transcript.root.addEventListener(name, (event) => this.#lookAt(transcript.indexOf(event.target)));
    panel.addEventListener("click", (event) => this.#clicked(event));
    useReviewKeys(panel, () => this.open(), ({ act, by = 0 }) => this.#run(act, by));
    one(panel, "select").addEventListener("change", ({ target }) => {
      this.#queue.goTo(/** @type {HTMLSelectElement} */ (target).value);
      this.#showPassage();
    });
    new ResizeObserver(() => document.documentElement.style.setProperty("--review", `${panel.offsetHeight}px`)).observe(panel);
  }

  toggle() { return this.#panel.hidden ? this.open() : this.close(); }

  async open() {
    this.#setOpen(true);
    this.#focusWords();
    this.#changes.ask();
    await this.#queue.load();
    if (this.#queue.position.shown) return;
    this.#queue.position = { ...this.#queue.position, at: 0 };
    this.#step(1, !this.#reading.player.playing);
  }

  close() {
    this.#setOpen(false);
    this.#reading.player.loops = false;
    this.#mark(null);
    /** @type {HTMLElement | null} */ (document.querySelector("[data-review]"))?.focus();
  }

  /** @param {boolean} on */
  #setOpen(on) {
    const address = new URL(location.href);
    address.search = on ? "?review" : "";
    this.#panel.hidden = !on;
    document.body.classList.toggle("reviewing", on);
    for (const button of all(document, "[data-review]")) button.setAttribute("aria-expanded", String(on));
    history.replaceState(history.state, "", address);
  }

  // The actions of buttons and keys.
  /** @type {Record<string, (by: number) => unknown>} */
  #actions = {
    next: () => this.#step(1),
    previous: () => this.#step(-1),
    accept: () => this.#accept(), keep: () => this.#accept(),
    dismiss: () => this.#dismiss(), neither: () => this.#dismiss(),
    undo: () => this.#changes.undo(),
    redo: () => this.#changes.redo(),
    all: () => this.#acceptAll(),
    put: () => this.#insert(),
    take: () => { if (this.#queue.position.shown?.kind === "otherwise") this.#insert(); },
    edit: () => this.#edit(),
    mark: () => this.#marked.toggle(this.#queue.position),
    belong: () => this.#marked.belong(),
    ad: () => this.#annotate("ad"),
    jingle: () => this.#annotate("jingle"),
    unspoken: () => {
      const { chosen } = this.#editor;
      if (chosen) this.#correctAll([{ kind: "unspoken", first: chosen.first, stop: chosen.last }]);
    },
    now: () => this.#startNow(),
    nudge: (by) => {
      const handle = around(document.activeElement, "#review .handle[data-side]");
      this.#editor.nudge(by, /** @type {Side | null} */ (handle?.dataset.side ?? null));
    },
    ...Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, () => {
      const span = this.#marked.span ?? this.#editor.span;
      if (span) this.#play(...part(...span));
    }])),
    loop: () => {
      const { player } = this.#reading;
      player.loops = !player.loops;
      if (player.loops && !player.playing) this.#actions.passage(0);
      this.#showTools();
    },
    passage: () => { const { shown } = this.#queue.position; if (shown) this.#play(shown.start - BESIDE, shown.end + BESIDE); },
    backward: () => this.#editor.step(-1),
    forward: () => this.#editor.step(1),
    closer: () => { this.#editor.zoom(1); this.#showTools(); },
    wider: () => { this.#editor.zoom(-1); this.#showTools(); },
    spectrum: () => this.#editor.toggleSpectrum(one(this.#panel, "[data-do=spectrum]")),
    reviewed: async () => {
      const review = await this.#queue.upToDate();
      if (review) markReviewed(byId("reviewed-dialog", HTMLDialogElement), this.#reading.data, this.#changes, review, this.#played.spans);
    },
    close: () => this.close(),
  };

  /** @param {string} act @param {number} by */
  #run(act, by) {
    if (act !== "nudge") this.#editor.commit(); // saves nudged words before any other action
    this.#actions[act](by);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = around(event, "[data-do]", HTMLButtonElement);
    if (!button) return;
    // After a click or a finished passage, keys act on the words again, also after a dialog: Enter then accepts and does not
    // press the button a second time.
    if (event.detail > 0 || button.matches(".decide :not([data-do=next], [data-do=previous])")) this.#focusWords();
    this.#run(button.dataset.do ?? "", Number(button.dataset.by ?? 0));
  }

  #focusWords() { this.#editor.focusable.focus({ preventScroll: true }); }

  /** @param {number} word focused or clicked in the transcript */
  #lookAt(word) { if (word >= 0 && !this.#panel.hidden) this.#editor.lookAt(word); }

  // Shows the loaded queue.
  #showLoaded() {
    const { review, position } = this.#queue;
    if (review) this.#editor.use(review);
    this.#mark((isOpen(position) && position.shown?.words) || null);
    if (position.items.length !== this.#left) announce(t("review.now", { n: position.items.length }));
    this.#show();
  }

  /** Keep the position after words were replaced. @param {NewWords} words */
  #changed(words) {
    if (words.removed !== words.inserted) {
      const now = (/** @type {number} */ word) => renumbered(word, words);
      this.#editor.renumber(now);
      this.#queue.renumber(now);
    }
    if (this.#panel.hidden) return;
    this.#editor.refresh();
    this.#queue.load();
  }

  /** @param {number} step 1 or -1 @param {boolean} [withAudio] */
  #step(step, withAudio = true) {
    this.#queue.step(step);
    this.#showPassage(withAudio);
  }

  // Shows the passage at the queue's position, and moves the audio there.
  #showPassage(withAudio = true) {
    const { position } = this.#queue, { shown } = position, { transcript } = this.#reading;
    this.#show();
    this.#mark(shown?.words ?? null);
    if (!shown) return announce(one(this.#panel, "[data-part=reasons]").textContent ?? "");
    this.#editor.open(shown);
    transcript.following.to(shown.words ? transcript.word(shown.words[0]) : this.#missing(shown) ?? transcript.word(transcript.wordNear(shown.start)));
    if (withAudio) this.#seekTo(shown);
    announce([this.#where, ...shown.reasons].join(" "));
  }

  /**
   * Move the audio to just before a passage, unless it already plays near it.
   * @param {ReviewItem} passage
   */
  #seekTo({ start, end }) {
    const { player } = this.#reading, from = Math.max(0, start - BESIDE);
    if (player.playsOn && player.time >= from && player.time < end) return;
    if (!player.playsOn) player.pause();
    player.seek(from);
  }

  /** @param {number} start @param {number} end */
  #play(start, end) { this.#reading.player.playSpan(Math.max(0, start), end); }

  get #where() { return t("review.where", { k: this.#queue.position.at + 1, n: this.#queue.position.items.length }); }

  #show() {
    const { position, review, captionsLeft } = this.#queue, { items, shown } = position, n = items.length;
    const current = isOpen(position) ? shown : null, work = items.reduce((sum, item) => sum + item.work, 0);
    const done = n ? t("review.done") : captionsLeft ? t("review.captions", { n: captionsLeft }) : t("review.none");
    /** @type {Record<string, string | null | undefined>} */
    const parts = {
      where: current ? this.#where : t(n === 1 ? "review.open.one" : "review.open", { n }),
      left: n ? t("review.left", { time: timeLeft(work) }) : "",
      reasons: review && (current ? [...current.reasons, current.kind === "norm" ? t("review.mend") : ""].join(" ") : done),
      shown: current?.shown,
      printed: current?.printed,
      recognised: current?.recognised,
    };
    for (const name in parts) one(this.#panel, `[data-part="${name}"]`).textContent = parts[name] ?? "";
    for (const name of ["printed", "recognised"]) one(this.#panel, `[data-part="${name}-line"]`).hidden = !parts[name];
    this.#left = n;
    this.#panel.dataset.kind = current?.kind ?? "";
    const choice = one(this.#panel, "select", HTMLSelectElement);
    for (const option of choice.options) {
      const count = review?.counts[/** @type {ReviewItem["kind"]} */ (option.value)] ?? 0;
      option.textContent = t(`review.kind.${option.value}`, { n: count });
      option.disabled = !count;
    }
    if (shown) choice.value = shown.kind;
    this.#showTools();
  }

  // Enables the buttons that apply.
  #showTools() {
    const { position, captionsLeft } = this.#queue, { items, shown } = position, open = isOpen(position), any = items.length > 0;
    const { chosen, zooms: [wider, closer] } = this.#editor, { undoable: undo, redoable: redo } = this.#changes;
    one(this.#panel, "[data-do=loop]").setAttribute("aria-pressed", String(this.#reading.player.loops));
    const isSpoken = chosen !== null && this.#reading.data.starts.slice(chosen.first, chosen.last).some((start) => start !== null);
    const alike = items.filter(({ kind }) => kind === shown?.kind).length;
    /** @type {Record<string, boolean>} */
    const usable = {
      undo, redo, wider, closer, previous: any, next: any || captionsLeft > 0, passage: shown !== null, nudge: isSpoken,
      accept: open, keep: open, put: open, take: open, dismiss: open, neither: open, ad: open, jingle: open, edit: Boolean(shown?.words),
      now: chosen !== null, unspoken: chosen !== null, all: open && shown?.kind !== "draft" && alike > 1,
    };
    for (const button of /** @type {HTMLButtonElement[]} */ (all(this.#panel, "[data-do]"))) {
      const name = button.dataset.do ?? "";
      if (name in usable) button.disabled = !usable[name];
    }
  }

  /** @param {Words | null} words under review */
  #mark(words) { this.#reading.transcript.highlight("asked", words ? [{ first: words[0], last: words[1] }] : []); }

  /** Return the element in the transcript of missing speech. @param {ReviewItem} item */
  #missing({ start }) {
    return all(this.#reading.transcript.root, ".missing").find(({ dataset }) => Math.abs(Number(dataset.from) - start) < NEAR);
  }

  // Opens the dialog that inserts recognised words, perhaps in place of others.
  #insert() {
    const { shown } = this.#queue.position, place = shown && this.#missing(shown);
    if (place) this.#reading.transcript.edit(place, shown.words && { words: shown.words, printed: shown.printed });
  }

  // Opens the editor for the paragraph of the passage.
  #edit() {
    const { shown } = this.#queue.position, { transcript } = this.#reading;
    if (shown?.words) transcript.edit(transcript.word(shown.words[0]));
  }

  // Starts the selected word at the audio position, if that is in view.
  async #startNow() {
    const { chosen, view } = this.#editor, { time, playing, speed } = this.#reading.player;
    if (!chosen) return;
    if (time * 1000 < view.from || time * 1000 > view.to) return void this.#reading.toast.show(t("review.far"));
    const word = chosen.first, late = playing ? LATE * speed : 0;
    const saved = this.#correctAll([{ kind: "start", word, at: Math.round(time * 1000) / 1000, late }]);
    this.#editor.choose(word);
    this.#editor.step(1); // to set the next word while the audio plays on
    if (!(await saved)) this.#editor.choose(word);
  }

  /** @param {Correction[]} corrections */
  async #correctAll(corrections) {
    for (const correction of corrections) {
      const answer = await this.#changes.correct(correction);
      if (!answer) return void this.#editor.reset();
      if (answer.lostTimes) this.#changes.report(answer);
    }
    return true;
  }

  // Accepting missing speech inserts it; another button marks it as needing no text. Accepting text that is worded
  // differently keeps it as a paraphrase.
  #accept() {
    const { position } = this.#queue, { shown } = position;
    if (!shown || !isOpen(position)) return this.#step(1);
    if (shown.kind === "untranscribed") return this.#insert();
    const { kind, words, start, end } = shown;
    const isParaphrase = kind === "otherwise" && words;
    return this.#done([shown], isParaphrase ? { kind: "paraphrase", first: words[0], stop: words[1], start, end } : accepting([shown]));
  }

  #dismiss() {
    const { shown } = this.#queue.position;
    if (shown) this.#done([shown], accepting([shown]));
  }

  /** @param {string} as */
  #annotate(as) {
    const { shown } = this.#queue.position;
    if (shown) this.#done([shown], { kind: "annotate", as, start: shown.start, end: shown.end });
  }

  async #acceptAll() {
    const { items, shown } = this.#queue.position, alike = items.filter(({ kind }) => kind === shown?.kind);
    const answer = await this.#done(alike, accepting(alike));
    this.#changes.report(answer, t(`review.all.${shown?.kind}`, { n: alike.length }));
  }

  /**
   * Go to the next passage while a correction of some items is saved; back to them if the server refuses it.
   * @param {ReviewItem[]} items
   * @param {Correction} correction
   */
  async #done(items, correction) {
    const saved = this.#queue.decide(items, correction);
    this.#step(1);
    const answer = await saved;
    if (!answer && this.#queue.showAgain(items[0])) this.#showPassage(!this.#reading.player.playing);
    return answer;
  }
}
