// The list of episodes: files dropped anywhere begin a new one; rows whose episode is being worked on stay up to date.

import { send } from "../ui/api.js";
import { useAdding } from "./adding.js";
import { useAlignButtons } from "./aligning.js";
import { useDrops } from "../ui/dropping.js";
import { announce } from "../ui/strings.js";
import { followWork } from "./working.js";

// The form of a new episode takes the place of the list, at the address it has as a page of its own.
function openForm() {
  const main = document.getElementById("main");
  main.className = "adding-page";
  main.replaceChildren(document.getElementById("adding-template").content.cloneNode(true));
  history.pushState({}, "", "/add");
  addEventListener("popstate", () => location.reload());
  return useAdding(document.getElementById("adding"));
}

let take = null;
useDrops((files) => {
  take ??= openForm();
  take(files);
});

// A row shows its episode as it is once the job on it is over.
async function refresh(block) {
  const row = block.closest(".row");
  const answer = await fetch("/");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(row.id);
  if (fresh) row.replaceWith(document.adoptNode(fresh));
}
followWork((job, block) => refresh(block));
useAlignButtons();

document.getElementById("undo")?.addEventListener("click", async ({ target }) => {
  try {
    await send("POST", `/api/trash/${target.dataset.token}/restore`);
    location.assign("/");
  } catch (error) {
    announce(error.message);
    target.previousElementSibling.textContent = error.message;
    target.remove();
  }
});
