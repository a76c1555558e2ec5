// @ts-check
// Jobs on a page: blocks that show one are kept up to date while it runs, buttons begin an alignment.

import { send } from "../ui/api.js";
import { LostError, answering } from "../ui/connection.js";
import { all, around, one } from "../ui/elements.js";
import { announce, messageOf, t, timeLeft } from "../ui/strings.js";
import { isOpen, theJobs } from "./jobs.js";

/** @typedef {(job: Job, block: HTMLElement) => unknown} Ended */

const STAGES = ["speech", "letters", "words", "model", "preparing", "copying", "locating", "untranscribed", "writing"];

/**
 * Follows every open job on the page; `ended` hears of each that is over, with its block.
 * @param {Ended} ended
 */
export function followWork(ended) {
  const jobs = theJobs();
  document.addEventListener("click", async (event) => {
    const button = around(event, ".work .cancel", HTMLButtonElement);
    if (!button) return;
    button.disabled = true;
    try {
      await jobs.cancel(around(button, ".work")?.dataset.job ?? "");
    } catch (error) {
      button.disabled = false;
      announce(messageOf(error));
    }
  });
  for (const block of all(document, ".work[data-job]")) if (isOpen(block.dataset)) follow(block, ended);
}

/**
 * Keeps a block up to date from now on.
 * @param {HTMLElement} block
 * @param {Ended} ended
 */
export function follow(block, ended) {
  theJobs().watch(block.dataset.job ?? "", (job) => {
    show(block, job);
    if (isOpen(job)) return;
    block.dataset.state = "over";
    announce(`${one(block, "progress").getAttribute("aria-label")}: ${sentenceOf(job)}`);
    ended(job, block);
  });
}

/**
 * @param {HTMLElement} block
 * @param {Job} job
 */
function show(block, job) {
  block.dataset.state = job.state;
  const progress = one(block, "progress", HTMLProgressElement);
  one(block, ".state").textContent = sentenceOf(job);
  progress.hidden = one(block, ".cancel").hidden = !isOpen(job);
  if (job.run_done !== null) progress.value = job.run_done;
  else progress.removeAttribute("value");
}

/**
 * How a job stands, in the reader's language.
 * @param {Job} job
 */
export function sentenceOf(job) {
  if (job.state === "failed") return t("work.failed", { why: job.message });
  if (job.state !== "running") return t(`work.${job.state}`);
  if (!job.stage) return t(job.kind === "prepare" ? "work.preparing" : "work.running");
  const stage = t(`work.${STAGES.includes(job.stage) ? job.stage : "other"}`);
  if (!job.run_done) return stage;
  const percent = Math.floor(100 * job.run_done);
  if (job.run_seconds_left === null) return t("work.stage", { stage, percent });
  return t("work.left", { stage, percent, time: timeLeft(job.run_seconds_left) });
}

// Buttons that have an episode aligned, or its sound renamed, and show the page anew.
export function useAlignButtons() {
  document.addEventListener("click", async (event) => {
    const button = around(event, "button.align", HTMLButtonElement);
    if (!button) return;
    button.disabled = true;
    try {
      await send("POST", `/api/episodes/${button.dataset.episode}/${button.dataset.do ?? "align"}`);
      location.reload();
    } catch (error) {
      const problem = document.createElement("p");
      problem.className = "problem";
      problem.role = "alert";
      problem.textContent = messageOf(error);
      button.replaceWith(problem);
      if (error instanceof LostError) answering().then(() => { button.disabled = false; problem.replaceWith(button); });
    }
  });
}
