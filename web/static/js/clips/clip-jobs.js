// @ts-check
// The clips of the episode that are being made: a row each, how far they are, and why one was not made.
//
// Events: "change" when there may be more of them, or fewer.

import { send } from "../ui/api.js";
import { clock } from "../ui/durations.js";
import { all, around, copyOf, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { isOpen, theJobs } from "../library/jobs.js";

/**
 * @typedef {{id: string, output: string}} Begun a job as it begins, and the file that it will write
 * @typedef {Pick<Job, "state" | "stage" | "done" | "total" | "seconds_left" | "message">} Progress
 */

/** @type {Progress} */
const WAITING = { state: "waiting", stage: "", done: 0, total: null, seconds_left: null, message: "" };
const STAGES = ["cutting", "encoding", "listening", "audiogram"];

export class ClipJobs extends EventTarget {
  #list;
  #template;
  #toast;
  /** @type {Map<string, Begun & Progress>} those that failed stay until they are dismissed */
  #shown = new Map();

  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(list, template, toast) {
    super();
    this.#list = list;
    this.#template = template;
    this.#toast = toast;
    list.addEventListener("click", (event) => this.#clicked(event));
  }

  get isEmpty() { return this.#shown.size === 0; }
  get areRunning() { return [...this.#shown.values()].some((job) => job.state !== "failed"); }

  /** @param {Begun} job */
  has(job) { return this.#shown.has(job.id); }

  /**
   * Shows a job until it has ended; returns it as it is then. `hear` is told of every change.
   * @param {Begun} job
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Job>}
   */
  follow(job, hear = () => {}) {
    this.#shown.set(job.id, { ...job, ...WAITING });
    this.#show();
    return new Promise((ended) => {
      theJobs().watch(job.id, (news) => {
        hear(news);
        this.#shown.set(job.id, { ...job, ...news });
        if (!isOpen(news) && news.state !== "failed") this.#shown.delete(job.id);
        this.#show();
        if (!isOpen(news)) ended(news);
      });
    });
  }

  #show() {
    for (const row of all(this.#list, "[data-job]")) if (!this.#shown.has(row.dataset.job ?? "")) row.remove();
    for (const job of this.#shown.values()) {
      /** @type {HTMLElement} */
      const row = this.#list.querySelector(`[data-job="${job.id}"]`) ?? this.#list.appendChild(this.#row(job));
      const bar = one(row, "progress", HTMLProgressElement);
      if (job.total) bar.value = Math.min(1, job.done / job.total);
      else bar.removeAttribute("value");
      bar.hidden = one(row, '[data-do="cancel"]').hidden = job.state === "failed";
      one(row, '[data-do="dismiss"]').hidden = job.state !== "failed";
      const state = one(row, "[data-part=state]");
      state.textContent = stateOf(job);
      state.classList.toggle("problem", job.state === "failed");
    }
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Begun} job */
  #row(job) {
    const row = copyOf(this.#template);
    row.dataset.job = job.id;
    const name = job.output.replace("clips/", "");
    one(row, "[data-part=name]").textContent = name;
    one(row, "progress").setAttribute("aria-label", name);
    return row;
  }

  /** @param {Event} event */
  #clicked(event) {
    const id = around(event, "[data-job]")?.dataset.job ?? "";
    const action = around(event, "[data-do]")?.dataset.do;
    if (action === "cancel") send("POST", `/api/jobs/${id}/cancel`).catch((error) => this.#toast.failed(error));
    if (action === "dismiss") { this.#shown.delete(id); this.#show(); }
  }
}

/**
 * How far a clip is, in the reader's language.
 * @param {Progress} job
 */
export function stateOf(job) {
  if (job.state === "failed") return job.message;
  if (job.state === "waiting") return t("clips.waiting");
  if (job.seconds_left) return t("clips.left", { time: clock(Math.max(1, job.seconds_left)) });
  return t(`clips.stage.${STAGES.includes(job.stage) ? job.stage : "cutting"}`);
}
