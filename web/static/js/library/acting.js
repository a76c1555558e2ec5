// @ts-check
// Buttons that send a request: `data-send` is its method and address, `data-body` its JSON, `data-sure` a question to confirm
// first. Then the page goes to `data-go` or the address in the answer, or else refreshes, with `data-said` as a toast, which
// has an undo button if the answer has an address for it.

import { send } from "../ui/api.js";
import { around, byId, one } from "../ui/elements.js";
import { refresh } from "../ui/refreshing.js";
import { showError } from "../ui/strings.js";

const busy = new WeakSet();
let isUsed = false;

/** Connect the page's buttons. */
export function useActs() {
  if (isUsed) return;
  isUsed = true;
  document.addEventListener("click", async (event) => {
    const button = around(event, "button[data-send]", HTMLButtonElement);
    if (!button || busy.has(button) || (button.dataset.sure && !confirm(button.dataset.sure))) return;
    const [method, address] = (button.dataset.send ?? "").split(" "), { body, go, said } = button.dataset;
    busy.add(button); // a disabled button would lose the focus
    try {
      const answer = await send(method, address, body && JSON.parse(body));
      if (button.matches(".work *")) return; // the script that follows the job shows its result
      if (go || answer.go) return location.assign(go ?? answer.go);
      if (around(button, "[data-reload]") || !(await refresh(["main"]))) return location.reload();
      if (said) showDone(said, answer.back);
    } catch (error) {
      showError(problemOf(button), error);
    } finally {
      busy.delete(button);
    }
  });
}

/**
 * @param {string} message
 * @param {string} [back] address that undoes it
 */
function showDone(message, back) {
  const done = byId("done"), undo = one(done, "button", HTMLButtonElement);
  one(done, "p").textContent = message;
  undo.hidden = !back;
  undo.dataset.send = `POST ${back}`;
  done.hidden = false;
}

/** Return the line beside a button for errors. @param {HTMLButtonElement} button */
function problemOf(button) {
  const next = button.nextElementSibling;
  if (next instanceof HTMLElement && next.matches(".problem")) return next;
  const line = Object.assign(document.createElement("p"), { className: "problem", role: "alert" });
  button.after(line);
  return line;
}
