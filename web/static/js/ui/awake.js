// @ts-check
// Stands last in every page: modules run in the order they are written, so by now the page's own has run.

import "./copying.js";
import "./menus.js";
import "./tips.js";

document.documentElement.classList.add("awake");
