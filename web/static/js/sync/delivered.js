// @ts-check
// Plays audio as a host delivers it, with ads inserted or passages cut, by the clock of the episode's own audio, to which
// captions and links belong. Times are seconds: "own" ones, or "delivered" ones of the <audio> element.

/** @typedef {typeof import("./quotecast-sync.js").align} Align @typedef {Awaited<ReturnType<Align>>} Result */

const SEAM = 0.05; // seconds by which a cut may be misplaced: closer before it, the audio after it is meant
const SHORTEST_AD = 1; // seconds
const NEAR = 25; // seconds around a place that are matched with it
const UNKNOWN = /** @type {Result} */ ({ spans: [], foreign: [], is_complete: false, is_same: false, url: "" });
const ANOTHER = { ...UNKNOWN, is_complete: true }, OWN = { ...ANOTHER, is_same: true };

/** @type {(span: Result["spans"][number]) => number} the own seconds in a delivered one */
const paceOf = ({ own_start, own_end, delivered_start, delivered_end }) => (own_end - own_start) / (delivered_end - delivered_start);

// Events: "change", and "problem" (detail: the error's code) if the audio cannot be matched; then its times are taken as they are.
export class Delivered extends EventTarget {
  #audio;
  #sidecar = "";
  #align = /** @type {Align | null} */ (null);
  #result = OWN;
  #matching = /** @type {AbortController | null} */ (null);
  #near = NaN; // delivered time around which it matches
  #wanted = /** @type {number | null} */ (null); // own time to move to once its place is known
  #plays = false; // whether to play then

  /** @param {HTMLAudioElement} audio */
  constructor(audio) {
    super();
    this.#audio = audio;
    for (const name of ["play", "seeked"]) audio.addEventListener(name, () => { if (!audio.paused) this.#look(); }); // by anyone
  }

  /** Call when the audio is another. @param {string} [sidecar] the sync file's address; without, it is the own audio @param {Align | null} [align] */
  reset(sidecar = "", align = null) {
    this.#matching?.abort();
    [this.#sidecar, this.#align, this.#near] = [sidecar, align, NaN];
    this.#result = sidecar ? UNKNOWN : OWN;
    this.#wanted = (sidecar && this.#audio.currentTime) || null;
  }

  // The own time; in an ad, that of the audio after it, so that a passage before it has ended; the best guess while unknown.
  get time() {
    if (this.#wanted !== null) return this.#wanted;
    const at = this.#audio.currentTime, { spans } = this.#result, span = spans.findLast(({ delivered_start }) => delivered_start <= at) ?? spans[0];
    if (!span) return at;
    const time = Math.round((span.own_start + (at - span.delivered_start) * paceOf(span)) * 1000) / 1000; // a word that was sought has begun
    return this.isAd ? Math.min(Math.max(time, span.own_start), span.own_end + SEAM) : Math.max(time, 0);
  }

  // The own time of the speech that is heard, or will be; NaN in an ad, and while it is unknown.
  get spoken() {
    const { spans, is_same } = this.#result, at = this.#audio.currentTime;
    const isKnown = is_same || this.#wanted !== null || spans.some(({ delivered_start, delivered_end }) => delivered_start <= at && at < delivered_end);
    return isKnown ? this.time : NaN;
  }

  get isAd() {
    const at = this.#audio.currentTime;
    return this.#wanted === null && this.#result.foreign.some(({ start, end }) => start <= at && at < end && end - start >= SHORTEST_AD);
  }

  get isMatching() { return this.#matching !== null && !this.#result.is_complete; }
  // Whether the element is not yet at `time`, and whether it is silent until that place is found.
  get isElsewhere() { return this.#wanted !== null; }
  get isWaiting() { return this.isElsewhere && this.isMatching; }
  get playing() { return !this.#audio.paused || this.#plays; }

  // Like the element's, it may reject.
  play() {
    const started = this.#audio.play();
    this.#look();
    return started;
  }

  pause() {
    this.#plays = false;
    this.#audio.pause();
    if (this.isWaiting) this.dispatchEvent(new Event("change"));
  }

  /** Move to an own time, and be silent until its place is known. @param {number} own */
  seek(own) {
    const place = this.#placeOf(own);
    if (place !== null) return this.skipTo(place);
    this.#wanted = Math.max(0, own);
    this.#look();
  }

  /** Move to a delivered time. @param {number} at */
  skipTo(at) {
    const { duration } = this.#audio;
    this.#wanted = null;
    this.#audio.currentTime = Math.max(0, duration ? Math.min(at, duration) : at);
  }

  /** Return the delivered time of an own one; where audio was cut, that of the audio after it. Null while unknown. @param {number} own */
  #placeOf(own) {
    const { spans, is_complete } = this.#result;
    const span = spans.find(({ own_start, own_end }) => own_start - SEAM <= own && own < own_end - SEAM);
    if (span) return span.delivered_start + Math.max(0, own - span.own_start) / paceOf(span);
    if (!is_complete) return null;
    return spans.find(({ own_start }) => own_start > own)?.delivered_start ?? spans.at(-1)?.delivered_end ?? own;
  }

  // Matches around the wanted time, in silence, or else around what plays.
  #look() {
    const own = this.#wanted, { spans } = this.#result, span = spans.findLast(({ own_start }) => own_start <= Number(own)) ?? spans[0];
    if (own === null) return void (Number.isNaN(this.spoken) && !this.isAd && this.#match(this.#audio.currentTime));
    this.#plays = this.playing;
    this.#audio.pause();
    this.#match(span ? span.delivered_start + own - span.own_start : own);
  }

  /** @param {number} near a delivered time */
  async #match(near) {
    if (this.#result.is_complete || !this.#align || Math.abs(near - this.#near) < NEAR) return;
    this.#matching?.abort();
    this.#near = near;
    const { signal } = (this.#matching = new AbortController());
    const report = (/** @type {Result} */ result) => { if (!signal.aborted) this.#learn(result); };
    this.dispatchEvent(new Event("change"));
    try {
      const answer = await fetch(this.#sidecar, { credentials: "omit", signal });
      if (answer.status === 404) return report(OWN); // taken away, as by a publisher whose host inserts no ads
      if (!answer.ok) throw new Error(this.#sidecar);
      report(await this.#align(this.#audio.src, await answer.arrayBuffer(), { near, report, signal }));
    } catch (error) {
      const { code } = /** @type {{code?: string}} */ (error);
      report(code === "another" ? ANOTHER : this.#result.spans.length ? { ...this.#result, is_complete: true } : OWN);
      if (!signal.aborted) this.dispatchEvent(new CustomEvent("problem", { detail: code === "another" ? "another" : "unmatched" }));
    }
  }

  /** @param {Result} result */
  #learn(result) {
    this.#result = result.is_same ? OWN : result;
    if (result.url && result.url !== this.#audio.src.split("#")[0] && /^https?:/.test(this.#audio.src)) {
      const { currentTime, paused } = this.#audio;
      this.#audio.src = result.url; // another request could be answered with other ads than those that were matched
      this.#audio.currentTime = currentTime;
      if (!paused) this.play().catch(() => {});
    }
    if (this.isWaiting && this.#placeOf(Number(this.#wanted)) === null) this.#look(); // what is known now may tell better where
    else if (this.#wanted !== null) {
      this.seek(this.#wanted);
      if (this.#plays) this.play().catch(() => {});
      this.#plays = false;
    }
    this.dispatchEvent(new Event("change"));
  }
}
