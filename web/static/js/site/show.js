// @ts-check
// The page of a published show: its search.

import { byId } from "../ui/elements.js";

byId("search", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());

document.documentElement.classList.add("awake"); // as ui/awake.js does in the server's pages
