// @ts-check
// The jobs of the server. A stream tells of them while one is open. A browser has six connections to a server, whatever
// the number of its tabs, so one tab at a time has a stream, and passes on to the others what it hears.
//
// Events: "change", whose detail is a job that is new or has changed.

import { look, send } from "../ui/api.js";
import { detailOf } from "../ui/elements.js";

const RETRY = 3000; // milliseconds

/** @param {{state?: string}} job */
export const isOpen = ({ state }) => state === "waiting" || state === "running";

/** @type {Jobs | null} */
let opened = null;

/** All that a page knows of the server's jobs: the same for everyone who asks, from the first who does. */
export function theJobs() {
  return (opened ??= new Jobs());
}

class Jobs extends EventTarget {
  /** @type {Map<string, Job>} */
  #known = new Map();
  #others = new BroadcastChannel("quotecast-jobs");
  /** @type {AbortController | null} ends the stream, or the wait for it */
  #listening = null;
  #later = 0;

  constructor() {
    super();
    this.#others.addEventListener("message", ({ data }) => this.#take(data));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.look()));
    addEventListener("pagehide", () => this.#rest());
    addEventListener("pageshow", (event) => { if (event.persisted) this.look(); });
  }

  get #anyOpen() { return [...this.#known.values()].some(isOpen); }

  /**
   * Calls `told` with how the job stands and with every change, until it has ended.
   * @param {string} id
   * @param {(job: Job) => unknown} told
   */
  watch(id, told) {
    const until = new AbortController();
    /** @param {Job} job */
    const tell = (job) => {
      if (job.id !== id) return;
      if (!isOpen(job)) until.abort();
      told(job);
    };
    this.addEventListener("change", (event) => tell(detailOf(event)), { signal: until.signal });
    const known = this.#known.get(id);
    if (known) tell(known);
    this.look();
  }

  // Asks what runs, and listens while something does.
  async look() {
    clearTimeout(this.#later);
    try {
      this.#take(await look("/api/jobs"));
    } catch {
      this.#later = setTimeout(() => this.look(), RETRY);
    }
    if (!this.#listening && !document.hidden && this.#anyOpen) this.#listen();
  }

  /** @param {string} id */
  async cancel(id) {
    const job = await send("POST", `/api/jobs/${id}/cancel`);
    this.#take([job]);
    this.#others.postMessage([job]);
  }

  async #listen() {
    const { signal } = (this.#listening = new AbortController());
    const stream = () => this.#stream(signal);
    try {
      // Where pages come over the network without TLS there are no locks; then each seen tab has a stream.
      await (navigator.locks ? navigator.locks.request("quotecast-jobs", { signal }, stream) : stream());
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    }
    this.#listening = null;
    if (!signal.aborted && this.#anyOpen) this.look(); // what ended before the stream began
  }

  /**
   * Passes on what the server tells until it has no more to tell.
   * @param {AbortSignal} signal
   */
  async #stream(signal) {
    const events = new EventSource("/api/jobs/events");
    events.addEventListener("message", ({ data }) => {
      const jobs = JSON.parse(data);
      this.#take(jobs);
      this.#others.postMessage(jobs);
    });
    await new Promise((done) => {
      events.addEventListener("end", done);
      events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) setTimeout(done, RETRY); });
      signal.addEventListener("abort", done);
      if (signal.aborted) done(null);
    });
    events.close();
  }

  #rest() {
    clearTimeout(this.#later);
    this.#listening?.abort();
  }

  /** @param {Job[]} jobs */
  #take(jobs) {
    for (const job of jobs) {
      if (JSON.stringify(this.#known.get(job.id)) === JSON.stringify(job)) continue;
      this.#known.set(job.id, job);
      this.dispatchEvent(new CustomEvent("change", { detail: job }));
    }
    if (this.#listening && !this.#anyOpen) this.#rest();
  }
}
