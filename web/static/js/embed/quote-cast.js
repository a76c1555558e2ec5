// @ts-check
// <quote-cast src="episode.cast.json">: an episode, or a chapter or quote of it, played in sync with its transcript on any web
// page. web/page/bundle.py bundles this and its imports into one script; docs/reference/embed.md explains its use and the
// data's format.
//
// It loads only its data and audio, stores nothing, parses no text as HTML, sets no inline style and evaluates no code. Times
// are whole milliseconds; those of methods and events are seconds, like those of <audio>.

import { EmbedError, loadEmbedData, resolved } from "./data.js";
import { h } from "./elements.js";
import { episodePageOf, isFirst, linkInto, linkedTime, shownOf } from "./passage.js";
import { EpisodeAudio } from "./audio.js";
import { dress } from "./style.js";
import { View } from "./view.js";
import { Wording } from "./wording.js";

const NEAR = "300px"; // distance from the view at which it begins to load

export class QuoteCast extends HTMLElement {
  static observedAttributes = ["src", "audio", "chapter", "quote", "start", "end", "lang", "transcript"];

  #root = this.attachShadow({ mode: "open" });
  #slot = h("slot", {});
  #frame = h("div", { class: "frame", role: "group" });
  #status = h("p", { class: "status", role: "status" });
  #wording = new Wording(this);
  #audio = new EpisodeAudio({
    onToggle: () => this.#toggled(), onFrame: () => this.#showPosition(), onTime: () => this.#timeChanged(), onEnd: () => this.#fire("end"),
    onError: (problem) => { if (problem === "jump" || this.#shown) this.#showError(problem); },
  });
  #shown = /** @type {import("./passage.js").Shown | null} */ (null);
  #view = /** @type {View | null} */ (null);
  /** @type {Promise<void> | null} */
  #loading = null;
  #instead = /** @type {string | null} */ (null); // what the status says there is instead of speech
  #loads = 0; // counts loads, so that an outdated one is dropped
  #pauses = 0; // counts pauses, so that an earlier play() is dropped
  #nearing = new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) this.load(); }, { rootMargin: NEAR });

  constructor() {
    super();
    dress(this.#root);
    this.#root.append(this.#slot, this.#frame);
    this.#frame.hidden = true;
    this.#frame.addEventListener("keydown", (event) => this.#view?.press(event));
  }

  connectedCallback() {
    document.addEventListener("quote-cast-play", this.#pauseForOther);
    addEventListener("hashchange", this.#follow);
    if (this.#loading) return;
    if (this.getAttribute("loading") === "eager" || (isFirst(this) && linkedTime() !== null)) this.load();
    else this.#nearing.observe(this);
  }

  disconnectedCallback() {
    document.removeEventListener("quote-cast-play", this.#pauseForOther);
    removeEventListener("hashchange", this.#follow);
    this.#nearing.disconnect();
    this.pause();
  }

  /** @type {(name: string, was: string | null, is: string | null) => void} */
  attributeChangedCallback(name, was, is) {
    if (was === is || !this.#loading) return;
    if (name === "transcript") return this.#view?.open(is !== "closed");
    this.pause();
    this.#loading = null;
    this.load();
  }

  // --- Methods for a page's scripts; times are seconds of the episode

  get currentTime() { return this.#audio.now / 1000; }
  set currentTime(seconds) { this.#seek(Number(seconds) * 1000); }
  get duration() { return (this.#shown?.episode.duration ?? 0) / 1000; }
  get paused() { return this.#audio.paused; }
  get playbackRate() { return this.#audio.rate; }
  set playbackRate(rate) { this.#audio.rate = rate; }

  // Loads and shows the episode; runs by itself near the view. It never throws, but shows the error.
  load() {
    this.#nearing.disconnect();
    return (this.#loading ??= this.#load());
  }

  // Plays from the current position; at the end, from the start.
  async play() {
    const pauses = this.#pauses;
    await this.load();
    if (pauses !== this.#pauses || !this.#shown || !this.isConnected) return;
    const { start, end } = this.#shown.passage, { now } = this.#audio;
    if (now >= end - 50 || now < start) this.#seek(start);
    await this.#audio.play();
  }

  pause() {
    this.#pauses++;
    this.#audio.pause();
  }

  /** @type {(start: number, end?: number) => string} a link to a span, on the episode's own page, else on this one */
  linkTo(start, end) { return linkInto(episodePageOf(this, this.#shown?.episode) ?? location.href, start, end); }

  // --- Loading and showing

  async #load() {
    const load = ++this.#loads;
    await null; // of several attributes set in a row, loads once
    if (load !== this.#loads) return;
    try {
      const { episode, base } = await loadEmbedData(this);
      if (load !== this.#loads) return;
      const [chapter, quote, start, end, own] = ["chapter", "quote", "start", "end", "audio"].map((name) => this.getAttribute(name));
      const shown = shownOf(episode, { chapter, quote, start, end });
      const sources = episode.sources.map((each) => ({ ...each, base }));
      if (own !== null) sources.unshift({ src: own, type: null, base: document.baseURI });
      this.#audio.use(sources, shown.passage.start, episode.sync && /^https?:/.test(base) ? resolved(episode.sync, base)?.href ?? "" : "");
      const level = Math.min(6, Math.max(1, Math.trunc(Number(this.getAttribute("heading-level"))) || 2));
      this.#view = new View(this, shown, { wording: this.#wording, home: episodePageOf(this, episode), level }, this.#frame, this.#status);
      this.#shown = shown;
      this.#slot.hidden = true;
      this.#view.open(shown.passage.kind === "quote" || this.getAttribute("transcript") !== "closed");
      this.#view.turn(false);
      this.#showPosition();
      this.#follow();
      this.#fire("ready");
    } catch (error) {
      if (load === this.#loads) this.#showError(error instanceof EmbedError ? error.problem : "malformed");
    }
  }

  /** @type {(sentence: string, ...more: Node[]) => void} shows a sentence, in its own direction, or nothing */
  #showStatus(sentence, ...more) { this.#status.replaceChildren(...(sentence ? [h("bdi", {}, sentence), ...more] : [])); }

  /** @param {import("./data.js").Problem} problem */
  #showError(problem) {
    const message = this.#wording.t(`error.${problem}`);
    if (problem === "data" || problem === "malformed" || problem === "nowhere") {
      this.pause();
      this.#view = this.#shown = null;
      this.#frame.replaceChildren(this.#status);
      this.#frame.hidden = this.#slot.hidden = false;
    }
    this.#showStatus(message);
    if ((problem === "another" || problem === "unmatched") && this.#audio.hasOwn) this.#offerOwn();
    this.#fire("error", { problem, message });
  }

  #offerOwn() {
    const own = h("button", { type: "button" }, this.#wording.t("own"));
    own.addEventListener("click", () => { this.#showStatus(""); this.#audio.playOwn(); });
    this.#status.append(h("span", { class: "bar" }, own));
  }

  // --- Playing

  /** @param {number} ms of the episode */
  playFrom(ms) {
    this.#seek(ms);
    this.play();
  }

  /** @param {number} ms of the episode */
  #seek(ms) {
    if (!this.#shown || !this.#view || !Number.isFinite(ms)) return;
    this.#view.transcript.follows = true;
    this.#audio.seek(Math.min(Math.max(ms, this.#shown.passage.start), this.#shown.passage.end));
    this.#timeChanged();
  }

  #toggled() {
    this.#view?.turn(!this.paused);
    this.#fire(this.paused ? "pause" : "play");
    this.#audio.tick();
  }

  #showPosition() {
    if (!this.#shown || !this.#view) return;
    const { episode, passage: { start, end } } = this.#shown, { now } = this.#audio;
    if (now >= end && !this.paused && end < episode.duration) {
      this.pause();
      this.#fire("end");
    }
    const { instead, spoken } = this.#audio.delivered;
    this.#view.move(Math.min(Math.max(now, start), end), !Number.isNaN(spoken));
    if (instead !== this.#instead) this.#showStatus(instead ? this.#wording.t(`instead.${instead}`) : "");
    this.#instead = instead;
  }

  #timeChanged() {
    this.#showPosition();
    this.#fire("time", { currentTime: this.currentTime });
  }

  // Pauses when another element plays.
  #pauseForOther = (/** @type {Event} */ event) => { if (event.target !== this) this.pause(); };

  // A link to this page seeks in the first whole episode on it.
  #follow = () => {
    const time = linkedTime();
    if (time === null || !isFirst(this) || this.linkTo(0).split("#")[0] !== location.href.split("#")[0]) return;
    this.#seek(time);
    this.scrollIntoView({ block: "nearest" });
  };

  async copyLink() {
    if (!this.#shown) return;
    const { kind, start, end } = this.#shown.passage;
    const link = kind === "quote" ? this.linkTo(start / 1000, end / 1000) : this.linkTo(this.currentTime);
    this.#fire("copy", { link });
    // Browsers allow copying only over HTTPS, and not in every frame: else the link is shown, to copy by hand.
    const isCopied = await navigator.clipboard?.writeText(link).then(() => true, () => false);
    if (isCopied) return this.#showStatus(this.#wording.t("copied"));
    const here = this.#wording.t("here"), field = h("input", { readonly: true, value: link, "aria-label": here, dir: "ltr" });
    this.#showStatus(here, field);
    field.select();
  }

  /** @type {(name: string, detail?: object) => void} */
  #fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`quote-cast-${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("quote-cast")) customElements.define("quote-cast", QuoteCast);
