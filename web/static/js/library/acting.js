// @ts-check
// Buttons that have the server do something: `data-send` is the method and the address, `data-body` the JSON that is
// sent, `data-sure` what the reader is asked before. Then the page goes to `data-go`, or where the answer says, else it
// shows what there is now, with `data-said` as a notice, and with a button that undoes it where the answer says how.

import { send } from "../ui/api.js";
import { around, byId, one } from "../ui/elements.js";
import { refresh } from "../ui/refreshing.js";
import { tellError } from "../ui/strings.js";

const busy = new WeakSet();
let isUsed = false;

/** Make the page's buttons work. */
export function useActs() {
  if (isUsed) return;
  isUsed = true;
  document.addEventListener("click", async (event) => {
    const button = around(event, "button[data-send]", HTMLButtonElement);
    if (!button || busy.has(button) || (button.dataset.sure && !confirm(button.dataset.sure))) return;
    const [method, address] = (button.dataset.send ?? "").split(" "), { body, go, said } = button.dataset;
    busy.add(button); // it is not disabled, for it would lose the focus
    try {
      const answer = await send(method, address, body && JSON.parse(body));
      if (button.matches(".work *")) return; // whoever follows the job shows what became of it
      if (go || answer.go) return location.assign(go ?? answer.go);
      if (around(button, "[data-reload]") || !(await refresh(["main"]))) return location.reload();
      if (said) tellDone(said, answer.back);
    } catch (error) {
      tellError(problemOf(button), error);
    } finally {
      busy.delete(button);
    }
  });
}

/**
 * @param {string} said
 * @param {string} [back] where it is undone
 */
function tellDone(said, back) {
  const done = byId("done"), undo = one(done, "button", HTMLButtonElement);
  one(done, "p").textContent = said;
  undo.hidden = !back;
  undo.dataset.send = `POST ${back}`;
  done.hidden = false;
}

/** The line beside a button that says what went wrong. @param {HTMLButtonElement} button */
function problemOf(button) {
  const next = button.nextElementSibling;
  if (next instanceof HTMLElement && next.matches(".problem")) return next;
  const line = Object.assign(document.createElement("p"), { className: "problem", role: "alert" });
  button.after(line);
  return line;
}
