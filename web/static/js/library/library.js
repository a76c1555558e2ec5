// @ts-check
// The list of episodes: files dropped anywhere begin a new one; rows whose episode is being worked on stay up to date.

import { send } from "../ui/api.js";
import { LostError, answering } from "../ui/connection.js";
import { useDrops } from "../ui/dropping.js";
import { useCovering } from "../ui/covering.js";
import { around, byId } from "../ui/elements.js";
import { announce, messageOf } from "../ui/strings.js";
import { useAdding } from "./adding.js";
import { useSorting } from "./sorting.js";
import { followWork, useAlignButtons } from "./working.js";

// The form of a new episode takes the place of the list, at the address it has as a page of its own.
function openForm() {
  const main = byId("main");
  main.className = "adding-page";
  main.replaceChildren(byId("adding-template", HTMLTemplateElement).content.cloneNode(true));
  history.pushState({}, "", "/add");
  addEventListener("popstate", () => location.reload());
  return useAdding(byId("adding", HTMLFormElement));
}

/** @type {((files: File[]) => void) | null} */
let take = null;
useDrops((files) => {
  take ??= openForm();
  take(files);
});

/**
 * A row shows its episode as it is once the job on it is over.
 * @param {HTMLElement} block
 */
async function refresh(block) {
  const row = around(block, ".row");
  if (!row) return;
  const answer = await fetch(location.href); // the list may have several pages
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(row.id);
  if (fresh) row.replaceWith(document.adoptNode(fresh));
}
followWork((_, block) => refresh(block));
useAlignButtons();
useSorting();
useCovering();

const undo = document.getElementById("undo");
undo?.addEventListener("click", async () => {
  try {
    await send("POST", `/api/trash/${undo.dataset.token}/restore`);
    location.assign("/");
  } catch (error) {
    announce(messageOf(error));
    const told = undo.previousElementSibling ?? undo, before = told.textContent;
    told.textContent = messageOf(error);
    if (error instanceof LostError) answering().then(() => (told.textContent = before));
    else undo.remove();
  }
});
