// @ts-check
// The list of episodes, where files dropped anywhere begin a new one, and the page of a new episode.

import { byId } from "../ui/elements.js";
import { useAdding } from "./adding.js";
import { useDrops } from "./slots.js";
import "./list.js";

// The form of a new episode takes the place of the list, at the address it has as a page of its own.
function openForm() {
  const main = byId("main");
  main.className = "adding-page";
  main.replaceChildren(byId("adding-template", HTMLTemplateElement).content.cloneNode(true));
  history.pushState({}, "", "/add");
  addEventListener("popstate", () => location.reload());
  return useAdding(byId("adding", HTMLFormElement));
}

let take = document.getElementById("adding") ? useAdding(byId("adding", HTMLFormElement)) : null;
useDrops((files) => (take ??= openForm())(files));
