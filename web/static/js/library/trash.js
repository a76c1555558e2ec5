// @ts-check
// The trash: what lies there is brought back, or deleted for good once the reader has said so twice.

import { send } from "../ui/api.js";
import { tellError } from "../ui/connection.js";
import { around, byId, one } from "../ui/elements.js";
import { thisVisit } from "../ui/memory.js";
import { t } from "../ui/strings.js";

const sure = byId("delete", HTMLDialogElement);
/** @type {HTMLElement | null} the line that the reader is asked about */
let meant = null;

document.addEventListener("click", (event) => {
  if (event.target === sure) return void sure.close(""); // beside the dialog
  const line = around(event, "[data-delete]");
  const act = around(event, "[data-do]")?.dataset.do;
  if (!line || !act) return;
  if (act === "restore") return void change(line, "POST", line.dataset.restore, "trash.restored");
  meant = line;
  one(sure, "[data-part=title]").textContent = one(line, ".title").textContent;
  sure.returnValue = ""; // Escape keeps that of the last time
  sure.showModal();
});

sure.addEventListener("close", () => {
  if (sure.returnValue === "delete" && meant) change(meant, "DELETE", meant.dataset.delete, "trash.deleted");
});

const DONE = "quotecast-trash-done"; // what the page tells once it is loaded again
const done = byId("done");
done.textContent = thisVisit.read(DONE);
done.hidden = !done.textContent;
thisVisit.forget(DONE);

/**
 * Changes what a line shows, and shows the page anew, which says so.
 * @param {HTMLElement} line
 * @param {string} method
 * @param {string | undefined} address
 * @param {string} told
 */
async function change(line, method, address, told) {
  const [problem, buttons] = [one(line, ".problem"), line.querySelectorAll("button")];
  problem.hidden = true;
  for (const button of buttons) button.disabled = true;
  try {
    await send(method, address ?? "");
    thisVisit.write(DONE, t(told, { title: one(line, ".title").textContent ?? "" }));
    location.reload();
  } catch (error) {
    tellError(problem, error);
    for (const button of buttons) button.disabled = false;
  }
}
