// @ts-check
// Reviewing an episode: one passage after the other that deserves a look, with why; each accepted, or set right by its
// words, which repairs what is around them.

import { get } from "../ui/api.js";
import { all, around, byId, detailOf, one } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";
import { announce, t } from "../ui/strings.js";
import { InText } from "./in-text.js";
import { actOf } from "./keys.js";
import { HeardSound, Listening } from "./listening.js";
import { accepting, isOpen, ofKind, renewed, renumbered, stepped } from "./queue.js";
import { Showing, whereIn } from "./showing.js";
import { Signing } from "./signing.js";
import { WordEditor } from "./word-editor.js";

/** @typedef {import("../page/changes.js").Changes} Changes */

const BESIDE = 0.5; // seconds heard before and after a word
const CONTROLS = 'a, button, summary, input, select, #transcript .w'; // that have a use for Enter

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
  #toast;
  #editor;
  #listening;
  #heard;
  #signing;
  #showing;
  #inText;
  /** @type {Review | null} */
  #review = null;
  /** @type {import("./queue.js").Standing} */
  #standing = { items: [], at: 0, shown: null };
  /** @type {{history: number, done: Promise<void>} | null} */
  #loading = null;
  #starts;

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
    this.#toast = toast;
    this.#editor = new WordEditor(one(panel, ".word-wave"), data, transcript);
    this.#listening = new Listening(player);
    this.#heard = new HeardSound(data, player);
    this.#signing = new Signing(byId("sign-dialog", HTMLDialogElement), data, changes);
    this.#showing = new Showing(panel);
    this.#inText = new InText(transcript);
    this.#starts = data.starts;
    player.addEventListener("time", () => { if (!panel.hidden) this.#editor.play(player.time, player.playing); });
    this.#editor.addEventListener("correct", (event) => this.#correctAll(detailOf(event)));
    this.#editor.addEventListener("seek", (event) => player.seek(detailOf(event)));
    this.#editor.addEventListener("chosen", () => this.#showTools());
    this.#editor.addEventListener("failed", (event) => toast.failed(detailOf(event)));
    changes.addEventListener("changed", (event) => this.#changed(detailOf(event).patch));
    panel.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("keydown", (event) => this.#pressed(event), { capture: true }); // before keys of the page
    one(panel, "select", HTMLSelectElement).addEventListener("change", (event) => {
      this.#go(ofKind(this.#standing, /** @type {HTMLSelectElement} */ (event.target).value));
    });
    one(byId("accept-all"), "[data-do=all]").addEventListener("click", () => this.#acceptAll());
    new ResizeObserver(() => document.documentElement.style.setProperty("--review", `${panel.offsetHeight}px`)).observe(panel);
  }

  toggle() { return this.#panel.hidden ? this.open() : this.close(); }

  async open() {
    this.#panel.hidden = false;
    document.body.classList.add("reviewing");
    for (const button of all(document, "[data-review]")) button.setAttribute("aria-expanded", "true");
    history.replaceState(history.state, "", withReview(true));
    this.#editor.focusable.focus({ preventScroll: true });
    await this.#load();
    if (!this.#standing.shown) this.#go(stepped({ ...this.#standing, at: 0 }, 1));
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
    accept: () => this.#accept(),
    all: () => this.#askAll(),
    put: () => { const { shown } = this.#standing; if (shown) this.#inText.putIn(shown.start); },
    advert: () => this.#settle("advert"),
    jingle: () => this.#settle("jingle"),
    unspoken: () => this.#unspoken(),
    now: () => this.#startsNow(),
    nudge: (by) => this.#editor.nudge(by, this.#sideInFocus),
    word: () => this.#hear((start, end) => [start, end]),
    before: () => this.#hear((start) => [start - BESIDE, start]),
    after: (_) => this.#hear((_start, end) => [end, end + BESIDE]),
    first: () => this.#hear((start, end) => [start, start + Math.min(BESIDE, (end - start) / 2)]),
    last: () => this.#hear((start, end) => [end - Math.min(BESIDE, (end - start) / 2), end]),
    passage: () => { const { shown } = this.#standing; if (shown) this.#listening.play(shown.start - BESIDE, shown.end + BESIDE); },
    loop: () => { this.#listening.loops = !this.#listening.loops; this.#showTools(); },
    backward: () => this.#editor.step(-1),
    forward: () => this.#editor.step(1),
    closer: () => { this.#editor.zoom(1); this.#showTools(); },
    wider: () => { this.#editor.zoom(-1); this.#showTools(); },
    spectrum: () => this.#editor.spectrum.toggle(one(this.#panel, "[data-do=spectrum]")),
    sign: () => { if (this.#review) this.#signing.open(this.#review, this.#heard.spans); },
    close: () => this.close(),
  };

  get #sideInFocus() {
    const handle = around(document.activeElement, "#review .handle");
    return handle ? /** @type {Side} */ (handle.dataset.side) : null;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = around(event, "[data-do]", HTMLButtonElement);
    if (!button) return;
    this.#acts[button.dataset.do ?? ""](Number(button.dataset.by ?? 0));
    // After a press by hand keys are for the words again: Enter accepts, and presses no button once more.
    if (event.detail > 0 && !this.#panel.hidden && !document.querySelector("dialog[open]")) this.#editor.focusable.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (this.#panel.hidden || document.querySelector("dialog[open]")) return;
    if (around(event, "#transcript .w") && event.key.toLowerCase() === "e") return; // its paragraph is edited
    const where = {
      inField: around(event, FIELDS) !== null,
      onControl: around(event, CONTROLS) !== null,
      letters: byId("keys-on", HTMLInputElement).checked,
    };
    const told = actOf(event, where);
    if (!told) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#acts[told.act](told.by ?? 0);
  }

  /** @returns {Promise<void>} */
  #load() {
    const { history } = this.#changes;
    if (this.#loading?.history !== history) this.#loading = { history, done: this.#loaded() };
    return this.#loading.done;
  }

  async #loaded() {
    try {
      this.#review = /** @type {Review} */ (await get(`/api/episodes/${this.#reading.data.id}/review`));
    } catch (error) {
      this.#loading = null;
      return this.#toast.failed(error);
    }
    this.#standing = renewed(this.#standing, this.#review.items);
    this.#editor.use(this.#review);
    this.#inText.mark(isOpen(this.#standing) ? this.#standing.shown?.words ?? null : null);
    this.#show();
  }

  /**
   * The page shows another state: what is repaired is shown, and the reader stays where they are.
   * @param {Patch} patch
   */
  async #changed({ words }) {
    const { data } = this.#reading, before = this.#starts, { items, shown } = this.#standing;
    this.#starts = data.starts;
    if (words && words.drop !== words.starts.length) {
      const now = (/** @type {number} */ word) => renumbered(word, { at: words.at, drop: words.drop, put: words.starts.length });
      this.#editor.renumber(now);
      for (const item of new Set([...items, ...(shown ? [shown] : [])])) { // which are gone through before they are asked for anew
        if (item.words) item.words = [now(item.words[0]), now(item.words[1] - 1) + 1];
      }
    } else {
      this.#inText.repaired(before, data.starts);
    }
    if (this.#panel.hidden) return void (this.#loading = null);
    this.#editor.refresh();
    await this.#load();
    announce(t("review.now", { n: this.#standing.items.length }));
  }

  /** @param {import("./queue.js").Standing} standing */
  #go(standing) {
    this.#standing = standing;
    const { shown } = standing;
    this.#show();
    if (!shown) return;
    this.#editor.open(shown);
    this.#inText.mark(shown.words);
    this.#inText.goTo(shown);
    announce([whereIn(standing), ...shown.reasons].join(" "));
  }

  #show() {
    this.#showing.queue(this.#standing, this.#review);
    this.#showTools();
  }

  #showTools() {
    const { chosen, zooms } = this.#editor;
    const isSaid = chosen !== null && this.#reading.data.starts.slice(chosen.first, chosen.last).some((start) => start !== null);
    this.#showing.tools(this.#standing, { isChosen: chosen !== null, isSaid, zooms, loops: this.#listening.loops });
  }

  /** @param {(start: number, end: number) => [start: number, end: number]} part of what is chosen */
  #hear(part) {
    const { span } = this.#editor;
    if (span) this.#listening.play(...part(...span));
  }

  /** @param {(Record<string, unknown> & {kind: string})[]} corrections */
  async #correctAll(corrections) {
    for (const correction of corrections) if (!(await this.#changes.correct(correction))) return this.#editor.reset();
  }

  #startsNow() {
    const { chosen } = this.#editor;
    if (!chosen) return;
    this.#correctAll([{ kind: "start", word: chosen.first, at: Math.round(this.#reading.player.time * 1000) / 1000 }]);
    this.#editor.step(1); // which may be said next, while one listens on
  }

  #unspoken() {
    const { chosen } = this.#editor;
    if (chosen) this.#correctAll([{ kind: "unspoken", first: chosen.first, stop: chosen.last }]);
  }

  /** @param {string} as */
  #settle(as) {
    const { shown } = this.#standing;
    if (shown) this.#done({ kind: "settle", as, start: shown.start, end: shown.end });
  }

  #accept() {
    const { shown } = this.#standing;
    if (!shown || !isOpen(this.#standing)) return this.#go(stepped(this.#standing, 1));
    return this.#done(accepting([shown]));
  }

  /**
   * Makes a correction that settles what is shown, and goes on.
   * @param {Record<string, unknown> & {kind: string}} correction
   */
  async #done(correction) {
    const { shown } = this.#standing;
    if (!(await this.#changes.correct(correction))) return;
    await this.#load();
    if (this.#standing.shown === shown || !isOpen(this.#standing)) this.#go(stepped(this.#standing, 1));
  }

  #askAll() {
    const { items, shown } = this.#standing, dialog = byId("accept-all", HTMLDialogElement);
    const n = items.filter(({ kind }) => kind === shown?.kind).length;
    one(dialog, "[data-part=what]").textContent = t(`review.all.${shown?.kind}`, { n });
    dialog.showModal();
  }

  async #acceptAll() {
    const { items, shown } = this.#standing, alike = items.filter(({ kind }) => kind === shown?.kind);
    await this.#done(accepting(alike));
    this.#editor.focusable.focus({ preventScroll: true });
    this.#toast.show(t("review.accepted", { n: alike.length }), { undo: () => this.#changes.undo() });
  }
}

/** @param {boolean} on */
function withReview(on) {
  const address = new URL(location.href);
  if (on) address.searchParams.set("review", "");
  else address.searchParams.delete("review");
  return address.href.replace("review=&", "review&").replace(/review=(?=#|$)/, "review");
}
