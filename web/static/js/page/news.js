// @ts-check
// Hears of every change of an episode, whoever makes it. A browser has six connections to a server, whatever the number of
// its tabs, so of an episode's tabs that are seen one has a stream, and passes on to the others what it hears.

/** @typedef {{history: number, who: string | null, kind: string | null}} Told */

const RETRY = 1000, LONGEST = 30_000; // milliseconds until a stream that was refused is asked for again, at first and at last

export class News {
  #id;
  #told;
  #others;
  /** @type {AbortController | null} ends the stream, or the wait for it */
  #listening = null;

  /**
   * @param {string} id the episode's
   * @param {(told: Told) => unknown} told
   */
  constructor(id, told) {
    this.#id = id;
    this.#told = told;
    this.#others = new BroadcastChannel(`quotecast-changes ${id}`);
    this.#others.addEventListener("message", ({ data }) => told(data));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.#listen()));
    addEventListener("pagehide", () => this.#rest());
    addEventListener("pageshow", (event) => { if (event.persisted) this.#listen(); });
    if (!document.hidden) this.#listen();
  }

  async #listen() {
    if (this.#listening) return;
    const { signal } = (this.#listening = new AbortController());
    const stream = () => this.#stream(signal);
    try {
      // Where pages come over the network without TLS there are no locks; then each seen tab has a stream.
      await (navigator.locks ? navigator.locks.request(`quotecast-changes ${this.#id}`, { signal }, stream) : stream());
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    }
  }

  /**
   * Passes on what the server tells until the page is no longer seen.
   * @param {AbortSignal} signal
   */
  async #stream(signal) {
    for (let wait = RETRY; !signal.aborted; wait = Math.min(2 * wait, LONGEST)) {
      const events = new EventSource(`/api/episodes/${encodeURIComponent(this.#id)}/events`);
      events.addEventListener("message", ({ data }) => {
        const told = JSON.parse(data);
        wait = RETRY / 2;
        this.#told(told);
        this.#others.postMessage(told);
      });
      await new Promise((done) => {
        events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) setTimeout(done, wait); });
        signal.addEventListener("abort", done);
      });
      events.close();
    }
  }

  #rest() {
    this.#listening?.abort();
    this.#listening = null;
  }
}
