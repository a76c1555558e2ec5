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

  // Asks what runs, and listens while something does.
  async look() {
    clearTimeout(this.#later);
    try {
      const { jobs } = await get("/api/jobs");
      jobs.forEach((job) => this.#take(job));
    } catch {
      this.#later = setTimeout(() => this.look(), RETRY);
    }
    this.#open();
  }

  // A request has started this job.
  begun(job) {
    this.#take(job);
    this.#open();
  }

  async cancel(id) {
    this.#take((await send("POST", `/api/jobs/${id}/cancel`)).job);
  }

  #open() {
    if (this.#stream || document.hidden || !this.all.some(isOpen)) return;
    const stream = new EventSource("/api/jobs/events");
    this.#stream = stream;
    stream.addEventListener("jobs", ({ data }) => JSON.parse(data).forEach((job) => this.#take(job)));
    stream.addEventListener("end", () => {
      this.#close();
      if (this.all.some(isOpen)) this.look(); // it ended before we came
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
