// @ts-check
// Lists (episodes, search results, versions, the trash), and the page of an episode not aligned yet. Keeps the progress of
// jobs up to date.

import { all, around, byId } from "../ui/elements.js";
import { clock } from "../ui/durations.js";
import { always } from "../ui/memory.js";
import { refresh } from "../ui/refreshing.js";
import { t } from "../ui/strings.js";
import { followJobs } from "./jobs.js";

followJobs((_, block) => {
  const part = around(block, "[data-follows]");
  if (part) refresh([part.id]);
  else location.reload();
});

const { lang } = document.documentElement;
const own = navigator.languages.find((each) => each.split("-")[0] === lang); // the reader's regional variant, such as en-GB
const when = new Intl.DateTimeFormat(own ?? lang, { dateStyle: "long", timeStyle: "short" });

/** Show times in the reader's time zone, and where the reader left an episode. */
function showOwn() {
  for (const time of all(document, "time[data-local]")) {
    time.textContent = when.format(new Date(time.getAttribute("datetime") ?? ""));
  }
  for (const link of all(document, "a[data-place]")) {
    const seconds = Number(always.read(`place:${link.dataset.place}`));
    link.hidden = !seconds;
    link.textContent = t("library.resume", { time: clock(seconds) });
  }
}
document.addEventListener("refreshed", showOwn);
showOwn();

// The list of jobs changes by itself.
const POLL = 5_000; // milliseconds
if (byId("main").matches("[data-polled]")) setInterval(() => document.hidden || refresh(["main"]), POLL);

// Choosing an order submits the form.
const sort = document.getElementById("sort");
if (sort instanceof HTMLSelectElement) {
  const arrange = () => sort.value === sort.dataset.shown || sort.form?.requestSubmit();
  sort.addEventListener("change", arrange);
  // After going back to a page, its select still has the choice that led away.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) sort.value = sort.dataset.shown ?? ""; });
  arrange(); // in case it was chosen before this script ran
}
