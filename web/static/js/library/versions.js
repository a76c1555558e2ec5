// @ts-check
// The versions of a transcript: one is made the present text again.

import { send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { all, around, byId, one } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { t } from "../ui/strings.js";

const DONE = "quotecast-versions-done"; // what the page tells once it is loaded again
const done = byId("done");
done.textContent = thisVisit.read(DONE);
done.hidden = !done.textContent;
thisVisit.forget(DONE);

const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
for (const time of all(document, "time[data-local]")) {
  time.textContent = when.format(new Date(time.getAttribute("datetime") ?? ""));
}

document.addEventListener("click", async (event) => {
  const button = around(event, "button[data-restore]");
  if (!(button instanceof HTMLButtonElement)) return;
  const problem = one(/** @type {HTMLElement} */ (button.closest("li")), ".problem");
  problem.hidden = true;
  button.disabled = true;
  try {
    const { page } = await send("POST", button.dataset.restore ?? "");
    thisVisit.write(DONE, t("versions.restored", { name: button.dataset.name ?? "" }));
    location.assign(page);
  } catch (error) {
    tellError(problem, error);
    button.disabled = false;
  }
});
