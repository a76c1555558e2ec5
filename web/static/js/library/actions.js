// @ts-check
// Buttons that send a request: `data-send` is its method and address, `data-body` its JSON, `data-confirm` a question to confirm
// first. Then the page goes to `data-go` or the address in the answer, or else refreshes, and `#done` shows `data-done`.

import { send } from "../ui/api.js";
import { around, byId } from "../ui/elements.js";
import { refresh } from "../ui/refreshing.js";
import { showError } from "../ui/strings.js";

const busy = new WeakSet();
let isUsed = false;

/** Connect the page's buttons. */
export function useActions() {
  if (isUsed) return;
  isUsed = true;
  document.addEventListener("click", async (event) => {
    const button = around(event, "button[data-send]", HTMLButtonElement);
    if (!button || busy.has(button) || (button.dataset.confirm && !confirm(button.dataset.confirm))) return;
    const [method, address] = (button.dataset.send ?? "").split(" "), { body, go, done } = button.dataset;
    busy.add(button); // a disabled button would lose the focus
    try {
      const answer = await send(method, address, body && JSON.parse(body));
      if (button.matches(".work *")) return; // the script that follows the job shows its result
      if (go || answer.go) return location.assign(go ?? answer.go);
      if (around(button, "[data-reload]") || !(await refresh(["main"]))) return location.reload();
      if (done) showDone(done);
    } catch (error) {
      showError(problemOf(button), error);
    } finally {
      busy.delete(button);
    }
  });
}

/** Show the result of an action. @param {string} message */
function showDone(message) {
  Object.assign(byId("done"), { textContent: message, hidden: false });
}

/** Return the line beside a button for errors. @param {HTMLButtonElement} button */
function problemOf(button) {
  const next = button.nextElementSibling;
  if (next instanceof HTMLElement && next.matches(".problem")) return next;
  const line = Object.assign(document.createElement("p"), { className: "problem", role: "alert" });
  button.after(line);
  return line;
}
