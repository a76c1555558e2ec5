// The jobs of the server: one stream tells of them, open only while a job is and the page is seen, for a browser has no
// more than six connections to a server, whatever the number of its tabs.
//
// Events: "change", whose detail is a job that is new or has changed.

import { get, send } from "./api.js";

const RETRY = 3000; // milliseconds

export const isOpen = (job) => job.state === "waiting" || job.state === "running";

class Jobs extends EventTarget {
  #known = new Map();
  #stream = null;
  #later = 0;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.look()));
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => { if (event.persisted) this.look(); });
  }

  get all() { return [...this.#known.values()]; }

  get(id) { return this.#known.get(id); }

  // Asks what runs, and listens while something does.
  async look() {
    clearTimeout(this.#later);
    try {
      (await get("/api/jobs")).forEach((job) => this.#take(job));
    } catch {
      this.#later = setTimeout(() => this.look(), RETRY);
    }
    this.#listen();
  }

  async cancel(id) { this.#take(await send("POST", `/api/jobs/${id}/cancel`)); }

  #listen() {
    if (this.#stream || document.hidden || !this.all.some(isOpen)) return;
    const stream = new EventSource("/api/jobs/events");
    this.#stream = stream;
    stream.addEventListener("message", ({ data }) => JSON.parse(data).forEach((job) => this.#take(job)));
    stream.addEventListener("end", () => {
      this.#close();
      if (this.all.some(isOpen)) this.look(); // it ended before the stream began
    });
    stream.addEventListener("error", () => {
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.#close();
      this.#later = setTimeout(() => this.look(), RETRY);
    });
  }

  #close() {
    clearTimeout(this.#later);
    this.#stream?.close();
    this.#stream = null;
  }

  #take(job) {
    if (JSON.stringify(this.#known.get(job.id)) === JSON.stringify(job)) return;
    this.#known.set(job.id, job);
    this.dispatchEvent(new CustomEvent("change", { detail: job }));
  }
}

export const jobs = new Jobs();

// Calls `told(job)` with how the job stands and with every change, until it has ended.
export function watch(id, told) {
  const until = new AbortController();
  const tell = (job) => {
    if (job.id !== id) return;
    if (!isOpen(job)) until.abort();
    told(job);
  };
  jobs.addEventListener("change", ({ detail }) => tell(detail), { signal: until.signal });
  if (jobs.get(id)) tell(jobs.get(id));
  jobs.look();
}
