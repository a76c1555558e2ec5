// @ts-check
// Corrections of the episode: sends, undoes and redoes them, and follows the changes of others.
//
//     export const changes = new Changes(reading);           in page/episode.js
//     await changes.correct({ kind: "place", word, start, end });
//
// `correct` takes a command of aligner/corrections/commands.py, replaces the turns that the server rendered again
// (web/correcting/turns.py), and returns the server's answer, or null after an error, which the reader is shown. Requests
// wait for each other, so that each has the revision of the answer before. `report(answer)` shows what changed, with a
// button that undoes it. Ctrl+Z and Ctrl+Shift+Z (Ctrl+Y) outside fields undo and redo.
//
// Events: "changed" (detail: {words, isText}) when the page shows a new state: which words were replaced, and whether the
// transcript changed. "undone" after an undo in this tab. "answered" when the server has sent `undoable` and `redoable`.

import { ClashError, GoneError, getQuietly, send } from "../ui/api.js";
import { all, answerOf, around, byId, one, rendered } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";
import { announce, knows, t } from "../ui/strings.js";
import { scrollToKeep } from "./following.js";
import { newWords } from "./sync.js";

const POLL_MS = 2000; // milliseconds between requests for others' changes, while the page is visible

/** @typedef {Record<string, unknown> & {kind: string}} Correction */

export class Changes extends EventTarget {
  #reading;
  #api;
  /** @type {Promise<unknown>} the last request; the next one waits for it */
  #last = Promise.resolve();
  undoable = false;
  redoable = false;
  #toast = /** @type {unknown} */ (null); // the last toast shown here

  /** @param {import("./reading.js").Reading} reading */
  constructor(reading) {
    super();
    this.#reading = reading;
    this.#api = `/api/episodes/${reading.data.id}`;
    this.editable = Boolean(reading.data.editable);
    this.revision = reading.data.revision ?? 0;
    if (!this.editable) return;
    addEventListener("keydown", (event) => this.#pressed(event));
    this.#poll();
  }

  /** @returns {Revision} that an edit starts from if it begins now */
  get base() { return { number: this.revision, transcript: this.#reading.data.hash }; }

  /**
   * @param {Correction} correction
   * @param {Revision} [base] that the correction was made in, if it is not the page's
   * @returns {Promise<Answer | null>}
   */
  async correct(correction, base) {
    if (this.#reading.data.who === null) await this.askName();
    const { starts, file } = this.#reading.data;
    const answer = await this.#send("corrections", { correction, base: base && { number: base.number, transcript: base.transcript } });
    if (!answer) return null;
    answer.lostTimes = lostTimes(starts, this.#reading.data.starts, correction);
    const { job, data: { file: name } } = answer, notices = [];
    if (name) notices.push(t("changes.file", { name, original: file }));
    if (job) notices.push(t("changes.listening"));
    if (notices.length) this.#toast = this.#reading.toast.show(notices.join(" "), { stays: true });
    return answer;
  }

  /**
   * Show what changed, with a button that undoes it.
   * @param {Answer | null} answer
   * @param {string} [text] instead of the name of the change
   */
  report(answer, text) {
    if (!answer || answer.job || answer.data.file || (!answer.change && !text)) return;
    const { change, lostTimes: n } = answer;
    const parts = [text ?? t("changes.saved", { what: change ? nameOf(change.what.kind) : "" })];
    if (n) parts.push(t(n === 1 ? "changes.silenced.one" : "changes.silenced", { n }));
    this.#toast = this.#reading.toast.show(parts.join(" – "), { undo: change && (() => this.undo(change.id)), stays: parts.length > 1 });
  }

  /** @param {number} [change] by default the last one */
  undo(change) { return this.#reverse("undo", "redo", change); }

  /** @param {number} [change] by default the last one */
  redo(change) { return this.#reverse("redo", "undo", change); }

  /** Fetch the changes of others, and whether there is anything to undo or redo. */
  ask() { return this.inTurn(() => this.#fetchOthers()); }

  /**
   * Run `work` after all earlier requests; later ones wait for it.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  inTurn(work) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Ask for the reader's name, even if it was asked before. */
  async askName() {
    const { data } = this.#reading, dialog = byId("name-dialog", HTMLDialogElement), name = one(dialog, "input", HTMLInputElement);
    name.value = data.who ?? "";
    data.who = (await answerOf(dialog)) === "save" ? name.value.trim() : data.who ?? "";
    await this.#reading.toast.attempt(() => send("POST", "/api/name", { name: data.who }));
  }

  /** @param {"undo" | "redo"} what @param {"undo" | "redo"} offered by the toast's button @param {number} [id] */
  async #reverse(what, offered, id) {
    const answer = await this.#send(what, { change: id ?? null });
    if (!answer) return;
    const { change } = answer;
    if (change && what === "undo") this.dispatchEvent(new Event("undone"));
    const text = change ? t(`changes.${what}`, { what: nameOf(change.what.kind) }) : t(`changes.${what}.none`);
    this.#toast = this.#reading.toast.show(text, { undo: change && (() => this[offered](change.id)), does: offered });
  }

  /** @param {string} what @param {Record<string, unknown>} body @returns {Promise<Answer | null>} */
  #send(what, body) {
    return this.inTurn(async () => {
      try {
        const answer = await send("POST", `${this.#api}/${what}`, { revision: this.revision, ...body });
        this.#reading.toast.hide(this.#toast); // it is about an earlier change
        return this.#apply(answer);
      } catch (error) {
        if (error instanceof ClashError) await this.#fetchOthers();
        this.#toast = this.#reading.toast.failed(error, () => this.#align());
        return null;
      }
    });
  }

  // Aligns the transcript file in its present form; the reloaded page shows the progress.
  #align() {
    return this.#reading.toast.attempt(async () => {
      await send("POST", `${this.#api}/align`);
      location.reload();
    });
  }

  // Polls for changes of other readers and tabs, and announces them.
  async #poll() {
    const last = document.hidden ? null : await getQuietly(`${this.#api}/history`).catch((error) => error); // the server may be away
    if (last instanceof GoneError) return this.#reading.toast.show(t("changes.gone"), { stays: true });
    if (last?.revision) await this.inTurn(() => this.#announceOthers(last)).catch(reportError); // the next poll tries again
    setTimeout(() => this.#poll(), POLL_MS);
  }

  /** @param {{revision: number, who: string | null, kind: string | null}} last change on the server */
  async #announceOthers({ revision, who, kind }) {
    if (revision <= this.revision) return; // it was made in this tab
    await this.#fetchOthers();
    if (this.revision < revision) return; // the server did not answer
    const what = nameOf(kind ?? "");
    announce(who ? t("changes.theirs.by", { who, what }) : t("changes.theirs", { what }));
  }

  async #fetchOthers() {
    const answer = await getQuietly(`${this.#api}/changes?revision=${this.revision}`).catch(() => null);
    if (answer) this.#apply(answer);
  }

  /** @param {Answer} answer */
  #apply(answer) {
    const { revision, data } = answer;
    this.undoable = answer.undoable;
    this.redoable = answer.redoable;
    this.dispatchEvent(new Event("answered"));
    if (revision === this.revision) return answer;
    const words = show(this.#reading, answer);
    this.revision = revision;
    this.dispatchEvent(new CustomEvent("changed", { detail: { words, isText: Boolean(data.hash) } }));
    return answer;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y") || event.defaultPrevented) return;
    if (around(event, FIELDS) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.redo();
    else this.undo();
  }
}

/** Return the reader's name for a kind of change. @param {string} kind */
function nameOf(kind) {
  const key = `changes.kind.${kind}`;
  return t(knows(key) ? key : "changes.kind.other");
}

/**
 * Count the words outside a correction that lost their time to it; 0 if words were replaced.
 * @param {(number | null)[]} before
 * @param {(number | null)[]} now
 * @param {Correction} correction
 */
function lostTimes(before, now, { kind, word, first = word, stop = Number(word) + 1 }) {
  if (kind === "text" || first === undefined || before.length !== now.length) return 0;
  return before.filter((start, i) => start !== null && now[i] === null && !(i >= Number(first) && i < Number(stop))).length;
}

/**
 * Show the turns that the server rendered again, with the focused element in its place. Returns which words were replaced.
 * @param {import("./reading.js").Reading} reading
 * @param {Answer} answer
 * @returns {NewWords}
 */
function show({ data, transcript, wave, captions }, { turns, data: fresh, overview }) {
  const focused = /** @type {HTMLElement} */ (document.activeElement), isIn = transcript.root.contains(focused);
  const { top } = focused.getBoundingClientRect();
  const words = turns ? replaceTurns(transcript, turns) : { at: 0, removed: 0, inserted: 0 };
  Object.assign(data, fresh);
  if (overview) replaceOverview(overview);
  if (fresh.hash) one(document, 'meta[name="transcript"]', HTMLMetaElement).content = fresh.hash;
  if (!turns && !Object.keys(fresh).length) return words;
  transcript.patched(words); // reinserts an open editor
  if (isIn && focused.isConnected) focused.focus({ preventScroll: true });
  else if (isIn) transcript.enter(transcript.cursor);
  if (isIn && top > 0 && top < innerHeight) scrollToKeep(document.activeElement, top);
  wave.redraw();
  captions.changed();
  return words;
}

/**
 * Replace turns; returns which words were replaced.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {NewTurns} turns
 * @returns {NewWords}
 */
function replaceTurns({ root, data }, { at, drop, html, starts, ends, chars, chars_by: charsBy, segments_by: segmentsBy }) {
  const first = data.turns[at]?.[0] ?? data.starts.length, stop = data.turns[at + drop]?.[0] ?? data.starts.length;
  data.starts = [...data.starts.slice(0, first), ...starts, ...data.starts.slice(stop)];
  data.ends = [...data.ends.slice(0, first), ...ends, ...data.ends.slice(stop)];
  data.chars = [...data.chars.slice(0, 2 * first), ...chars, ...data.chars.slice(2 * stop).map((offset) => offset + charsBy)];
  if (html === null) return { at: stop, removed: 0, inserted: 0 };
  const there = all(root, ":scope > .turn, :scope > .chapter"), place = new Range();
  if (at) place.setStartAfter(there[at - 1]);
  else place.setStart(root, 0);
  if (!drop) place.collapse(true);
  else if (at + drop <= there.length) place.setEndAfter(there[at + drop - 1]);
  else place.setEnd(root, root.childNodes.length); // includes missing passages at the end
  const fragment = document.createDocumentFragment();
  fragment.append(...rendered(html));
  const words = newWords(first, textsOf(place.extractContents()), textsOf(fragment));
  place.insertNode(fragment);
  if (words.removed !== words.inserted) all(root, ".w").forEach((word, i) => { if (i >= first) word.dataset.i = String(i); });
  for (const each of there.slice(at + drop).flatMap((turn) => [turn, ...all(turn, "[data-segment]")])) {
    if (!each.dataset.segment) continue;
    each.dataset.segment = String(Number(each.dataset.segment) + segmentsBy);
    if (each.id) each.id = `p${each.dataset.segment}`;
  }
  return words;
}

/** @param {ParentNode} root */
function textsOf(root) { return all(root, ".w").map((word) => word.textContent ?? ""); }

/** Replace the list of chapters and the page's heading. @param {{heading: string, chapters: string}} overview */
function replaceOverview({ heading, chapters }) {
  byId("chapters").replaceChildren(...rendered(chapters));
  const old = one(document, "main > .heading"), [now] = rendered(heading);
  one(now, "h1").replaceWith(one(old, "h1")); // other scripts hold this element
  old.replaceChildren(...now.childNodes);
}
