// @ts-check
// The clips of the episode that are being made: a row each, how far they are, and why one was not made.
//
// Events: "change" when there may be more of them, or fewer; "again" (detail: the job as it began) where one that failed
// is wanted once more.

import { GoneError, send } from "../ui/api.js";
import { all, around, copyOf, nameAfter, one } from "../ui/elements.js";
import { t, timeLeft } from "../ui/strings.js";
import { isOpen, theJobs } from "../library/jobs.js";

/**
 * @typedef {{id: string, output: string, shape: string | null, failed: string | null, again: Export | null}} Begun a job
 * as the server lists it: the file that it will write, of which shape that is, null being a sound, why it was not made if
 * it failed, and what asks for the same once more
 * @typedef {Pick<Job, "state" | "stage" | "run_done" | "run_seconds_left" | "message">} Progress
 */

/** @type {Progress} */
const WAITING = { state: "waiting", stage: "", run_done: null, run_seconds_left: null, message: "" };
const STAGES = ["cutting", "encoding", "listening", "audiogram"];

export class ClipJobs extends EventTarget {
  #list;
  #template;
  #home;
  #toast;
  /** @type {Map<string, Begun & Progress>} those that failed stay until they are dismissed */
  #shown = new Map();
  /** @type {Set<string>} the ids of all that were ever shown: an earlier answer of the server may still be on its way */
  #known = new Set();

  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template
   * @param {HTMLElement} home has the focus where its row has gone
   * @param {import("../ui/toast.js").Toast} toast
   */
  constructor(list, template, home, toast) {
    super();
    this.#list = list;
    this.#template = template;
    this.#home = home;
    this.#toast = toast;
    list.addEventListener("click", (event) => this.#clicked(event));
  }

  get isEmpty() { return this.#shown.size === 0; }
  get areRunning() { return [...this.#shown.values()].some((job) => job.state !== "failed"); }

  /** @param {Begun} job */
  knows(job) { return this.#known.has(job.id); }

  /**
   * Shows a job that failed before the page was there.
   * @param {Begun} job
   */
  recall(job) {
    this.#put(job, { ...WAITING, state: "failed", message: job.failed ?? "" });
    this.#show();
  }

  // The ids of those that failed, as they are shown now.
  get failed() { return [...this.#shown.values()].filter((job) => job.state === "failed").map((job) => job.id); }

  /**
   * Shows no more of these jobs: they were dismissed elsewhere, or asked for once more.
   * @param {string[]} ids
   */
  drop(ids) {
    for (const id of ids) this.#shown.delete(id);
    if (ids.length) this.#show();
  }

  /**
   * Shows a job until it has ended; returns it as it is then. `hear` is told of every change.
   * @param {Begun} job
   * @param {(job: Job) => void} [hear]
   * @returns {Promise<Job>}
   */
  follow(job, hear = () => {}) {
    this.#forgive(job.output);
    this.#put(job, WAITING);
    this.#show();
    return new Promise((ended) => {
      theJobs().watch(job.id, (news) => {
        hear(news);
        this.#put(job, news);
        if (!isOpen(news) && news.state !== "failed") this.#shown.delete(job.id);
        this.#show();
        if (!isOpen(news)) ended(news);
      });
    });
  }

  /**
   * Shows a job in the place of one that failed, to be followed.
   * @param {Begun} failed
   * @param {Begun} job
   */
  replace(failed, job) {
    const old = this.#list.querySelector(`[data-job="${failed.id}"]`), row = this.#row(job);
    const focused = old?.contains(document.activeElement);
    old?.replaceWith(row);
    this.#shown.delete(failed.id);
    if (failed.output !== job.output) this.#forget(failed.id); // else the server sees that it is the same
    this.#put(job, WAITING);
    this.#show();
    if (focused) one(row, '[data-do="cancel"]').focus();
  }

  /**
   * What failed before is of no interest once the same is being made.
   * @param {string} output
   */
  #forgive(output) {
    for (const job of this.#shown.values()) {
      if (job.state === "failed" && job.output === output) this.#shown.delete(job.id);
    }
  }

  /**
   * @param {Begun} job
   * @param {Progress} progress
   */
  #put(job, progress) {
    this.#known.add(job.id);
    this.#shown.set(job.id, { ...job, ...progress });
  }

  #show() {
    for (const row of all(this.#list, "[data-job]")) {
      if (this.#shown.has(row.dataset.job ?? "")) continue;
      if (row.contains(document.activeElement)) this.#home.focus({ preventScroll: true });
      row.remove();
    }
    for (const job of this.#shown.values()) {
      /** @type {HTMLElement} */
      const row = this.#list.querySelector(`[data-job="${job.id}"]`) ?? this.#list.appendChild(this.#row(job));
      const failed = job.state === "failed", held = row.contains(document.activeElement) ? document.activeElement : null;
      const bar = one(row, "progress", HTMLProgressElement);
      if (job.run_done !== null) bar.value = job.run_done;
      else bar.removeAttribute("value");
      bar.hidden = one(row, '[data-do="cancel"]').hidden = failed;
      one(row, '[data-do="again"]').hidden = !failed || !job.again;
      one(row, '[data-do="dismiss"]').hidden = !failed;
      if (held?.matches("[hidden]")) one(row, "button:not([hidden])").focus({ preventScroll: true });
      const state = one(row, "[data-part=state]");
      state.textContent = stateOf(job);
      state.classList.toggle("problem", failed);
    }
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Begun} job */
  #row(job) {
    const row = copyOf(this.#template);
    row.dataset.job = job.id;
    const [name, shape] = [job.output.replace("clips/", ""), job.shape ?? "sound"];
    one(row, "[data-part=name]").textContent = name;
    one(row, "[data-part=name]").id = `making-${job.id}`;
    nameAfter(all(row, "[data-do]"), one(row, "[data-part=name]"));
    one(row, "[data-part=kind]").textContent = t(`shape.${shape}`);
    one(row, "[data-part=still]").dataset.shape = shape;
    one(row, "progress").setAttribute("aria-label", name);
    return row;
  }

  /** @param {Event} event */
  #clicked(event) {
    const id = around(event, "[data-job]")?.dataset.job ?? "";
    const action = around(event, "[data-do]")?.dataset.do;
    if (action === "cancel") send("POST", `/api/jobs/${id}/cancel`).catch((error) => this.#toast.failed(error));
    if (action === "again") this.dispatchEvent(new CustomEvent("again", { detail: this.#shown.get(id) }));
    if (action === "dismiss") this.#dismiss(id);
  }

  /** @param {string} id */
  async #dismiss(id) {
    if (!(await this.#forget(id))) return;
    this.#shown.delete(id);
    this.#show();
  }

  /**
   * Has the server tell no more of what failed, at this page or another; whether it does.
   * @param {string} id
   */
  async #forget(id) {
    try {
      await send("POST", `/api/jobs/${id}/cancel`);
    } catch (error) {
      if (error instanceof GoneError) return true; // it has made room for others
      this.#toast.failed(error);
      return false;
    }
    return true;
  }
}

/**
 * How far a clip is, in the reader's language.
 * @param {Progress} job
 */
export function stateOf(job) {
  if (job.state === "failed") return job.message;
  if (job.state === "waiting") return t("clips.waiting");
  if (job.run_seconds_left !== null) return t("clips.left", { time: timeLeft(job.run_seconds_left) });
  return t(`clips.stage.${STAGES.includes(job.stage) ? job.stage : "cutting"}`);
}
