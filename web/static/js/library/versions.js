// @ts-check
// The versions of a transcript: one is made the present text again, or put into the trash, and brought back.

import { send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { all, around, byId, one } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { t } from "../ui/strings.js";
import { followWork, useAlignButtons } from "./working.js";

const DONE = "quotecast-versions-done"; // what the page tells once it is loaded again, and where that is undone
tellDone();
useAlignButtons();
followWork(({ state }) => { if (state === "done") location.reload(); });

const { lang } = document.documentElement;
const own = navigator.languages.find((each) => each.split("-")[0] === lang); // as English is written where the reader is
const when = new Intl.DateTimeFormat(own ?? lang, { dateStyle: "long", timeStyle: "short" });
for (const time of all(document, "time[data-local]")) {
  time.textContent = when.format(new Date(time.getAttribute("datetime") ?? ""));
}

document.addEventListener("click", (event) => {
  const button = around(event, "button[data-restore], button[data-delete]", HTMLButtonElement);
  if (!button) return;
  const { restore, delete: removal, name = "" } = button.dataset;
  const line = /** @type {HTMLElement} */ (button.closest("li"));
  change(button, one(line, ".problem"), async () => {
    if (restore) {
      const { page } = await send("POST", restore);
      tellLater(t("versions.restored", { name }));
      location.assign(page);
    } else {
      const { back } = await send("DELETE", removal ?? "");
      tellLater(t("versions.deleted", { name }), back);
      location.reload();
    }
  });
});

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} problem where it is told that it failed
 * @param {() => Promise<void>} work
 */
async function change(button, problem, work) {
  problem.hidden = true;
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    tellError(problem, error);
    button.disabled = false;
  }
}

/**
 * @param {string} said
 * @param {string} [back] where it is undone
 */
function tellLater(said, back = "") { thisVisit.write(DONE, JSON.stringify({ said, back })); }

function tellDone() {
  const done = byId("done"), { said, back } = thisVisit.readJson(DONE) ?? {};
  thisVisit.forget(DONE);
  if (!said) return;
  const line = one(done, "p"), button = one(done, "button", HTMLButtonElement);
  line.textContent = said;
  button.hidden = !back;
  done.hidden = false;
  button.addEventListener("click", () => change(button, line, async () => {
    await send("POST", back);
    tellLater(t("versions.back"));
    location.reload();
  }));
}
