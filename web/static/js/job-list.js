// Jobs on a page: what each does, how far it is, how long it will take, and a button to cancel it.
//
// Those that are done leave the list; those that failed stay until they are put away. A screen reader hears when one
// begins and ends and how far it is at every quarter, not each step.

import { isOpen, jobs } from "./jobs.js";
import { announce, t } from "./strings.js";
import { clock } from "./sync.js";

const KINDS = ["align", "prepare", "clip", "audiogram"];
const STAGES = ["speech", "letters", "words", "preparing", "audiogram", "cutting", "encoding", "listening", "model"];
const QUARTERS = 4;

// Shows jobs in `box`: those of the episode that its data names, or all.
export class JobList {
  #box;
  #rows = new Map();
  #watched = new Set();

  constructor(box) {
    this.#box = box;
    jobs.addEventListener("change", ({ detail: job }) => this.#show(job));
    box.addEventListener("click", ({ target }) => this.#press(target.closest("button")));
    jobs.look();
  }

  #show(job) {
    const wanted = this.#box.dataset.episode;
    if (wanted && job.episode !== wanted) return;
    if (isOpen(job)) this.#watched.add(job.id);
    const row = this.#rows.get(job.id) ?? this.#add(job);
    if (row) this.#fill(row, job);
    this.#box.hidden = this.#rows.size === 0;
  }

  // A row for a job that is open, or that has failed and none of its kind has come since.
  #add(job) {
    const newest = !jobs.all.some((other) => other.kind === job.kind && other.episode === job.episode && other.created > job.created);
    if (!isOpen(job) && !(job.state === "failed" && newest) && !this.#watched.has(job.id)) return null;
    for (const [id, old] of this.#rows) {
      if (old.dataset.state === "failed" && old.dataset.kind === job.kind && old.dataset.episode === job.episode) this.#remove(id);
    }
    const row = this.#box.querySelector("template").content.firstElementChild.cloneNode(true);
    Object.assign(row.dataset, { id: job.id, kind: job.kind, episode: job.episode ?? "" });
    this.#box.querySelector("ul").append(row);
    this.#rows.set(job.id, row);
    return row;
  }

  #fill(row, job) {
    const what = t(`jobs.kind.${KINDS.includes(job.kind) ? job.kind : "other"}`);
    const named = this.#box.dataset.episode ? what : `${what}: ${job.title}`;
    const share = job.state === "running" && job.total ? Math.min(job.done / job.total, 1) : null;
    row.querySelector(".job-what").textContent = named;
    row.querySelector(".job-how").textContent = how(job, share);
    const bar = row.querySelector("progress");
    bar.hidden = !isOpen(job);
    bar.setAttribute("aria-label", named);
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    row.querySelector('[data-job="cancel"]').hidden = !isOpen(job);
    row.querySelector('[data-job="away"]').hidden = isOpen(job);
    this.#tell(row, job, named, share);
    row.dataset.state = job.state;
    if (job.state === "cancelled" || (job.state === "done" && !job.poor)) this.#remove(job.id);
  }

  #tell(row, job, named, share) {
    const quarter = share === null ? "0" : String(Math.floor(share * QUARTERS));
    if (row.dataset.state !== job.state) announce(`${named}: ${how(job, share)}`);
    else if (row.dataset.quarter < quarter) announce(`${named}: ${percent(share)}`);
    row.dataset.quarter = quarter;
  }

  async #press(button) {
    if (!button) return;
    const { id } = button.closest("li").dataset;
    if (button.dataset.job === "away") return void this.#remove(id);
    button.disabled = true;
    try {
      await jobs.cancel(id);
    } catch (error) {
      button.disabled = false;
      announce(error.message);
    }
  }

  // Keeps the keyboard where it was: on the next row's button, else on the list.
  #remove(id) {
    const row = this.#rows.get(id);
    if (!row) return;
    const focused = row.contains(document.activeElement);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.#rows.delete(id);
    this.#box.hidden = this.#rows.size === 0;
    if (focused) (next?.querySelector("button:not([hidden])") ?? document.getElementById("main")).focus();
  }
}

function how(job, share) {
  if (job.state === "done") return t(job.poor ? "jobs.poor" : "jobs.done");
  if (job.state === "failed") return t("jobs.failed", { why: job.message });
  if (job.state !== "running") return t(`jobs.${job.state}`);
  const parts = [t(STAGES.includes(job.stage) ? `jobs.stage.${job.stage}` : "jobs.running")];
  if (share !== null) parts.push(percent(share));
  if (share !== null && share < 1 && job.seconds_left !== null) parts.push(t("jobs.left", { time: clock(Math.max(1, job.seconds_left)) }));
  return parts.join(" · ");
}

function percent(share) { return t("jobs.percent", { n: Math.floor(share * 100) }); }
