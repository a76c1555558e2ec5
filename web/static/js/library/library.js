// @ts-check
// The list of episodes, where dropped files start a new one, and the page of a new episode.

import { byId } from "../ui/elements.js";
import { useAdding } from "./adding.js";
import { useDrops } from "./slots.js";
import "./list.js";

// Replaces the list by the form of a new episode, at the form's own address.
function openForm() {
  const main = byId("main");
  main.className = "adding-page";
  main.replaceChildren(byId("adding-template", HTMLTemplateElement).content.cloneNode(true));
  history.pushState({}, "", "/add");
  addEventListener("popstate", () => location.reload());
  return useAdding(byId("adding", HTMLFormElement));
}

let take = document.getElementById("adding") ? useAdding(byId("adding", HTMLFormElement)) : null;
if (take || document.getElementById("adding-template")) useDrops((files) => (take ??= openForm())(files));
