// Jobs as they go on: blocks of the page that show one are kept up to date while it runs.

import { isOpen, jobs, watch } from "./jobs.js";
import { announce, t } from "../ui/strings.js";
import { clock } from "../ui/durations.js";

const STAGES = ["speech", "letters", "words", "model", "preparing"];
const LEAST_TOLD = 2; // seconds; less is as good as done

// Follows every open job on the page; `ended` hears of each that is over, with its block.
export function followWork(ended) {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest(".work .cancel");
    if (!button) return;
    button.disabled = true;
    try {
      await jobs.cancel(button.closest(".work").dataset.job);
    } catch (error) {
      button.disabled = false;
      announce(error.message);
    }
  });
  for (const block of document.querySelectorAll(".work[data-job]")) {
    if (["waiting", "running"].includes(block.dataset.state)) follow(block, ended);
  }
}

// Keeps a block up to date from now on.
export function follow(block, ended) {
  watch(block.dataset.job, (job) => {
    show(block, job);
    if (isOpen(job)) return;
    block.dataset.state = "over";
    announce(`${block.querySelector("progress").getAttribute("aria-label")}: ${sentence(job)}`);
    ended(job, block);
  });
}

function show(block, job) {
  block.dataset.state = job.state;
  const progress = block.querySelector("progress");
  block.querySelector(".state").textContent = sentence(job);
  if (!progress) return;
  progress.hidden = !isOpen(job);
  block.querySelector(".cancel").hidden = !isOpen(job);
  if (job.total) progress.value = Math.min(1, job.done / job.total);
  else progress.removeAttribute("value");
}

function sentence(job) {
  if (job.state === "failed") return t("work.failed", { why: job.message });
  if (job.state !== "running") return t(`work.${job.state}`);
  if (!job.stage) return t("work.running");
  const stage = t(`work.${STAGES.includes(job.stage) ? job.stage : "other"}`);
  if (!job.total) return stage;
  const percent = Math.floor((100 * job.done) / job.total);
  const left = job.seconds_left;
  if (left === null || left < LEAST_TOLD) return t("work.stage", { stage, percent });
  return t("work.left", { stage, percent, time: clock(left) });
}
