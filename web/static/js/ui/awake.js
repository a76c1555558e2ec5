// @ts-check
// The last module of each page: modules run in order, so the page's own has run before.

import "./copying.js";
import "./menus.js";
import "./tips.js";

document.documentElement.classList.add("awake");
