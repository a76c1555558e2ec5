// @ts-check
// Replaces no-break spaces in copied text by ordinary ones: they belong to the layout, and a search for pasted text would
// fail.

import { around } from "./elements.js";

const NO_BREAK = /[\u00a0\u202f]/g;

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (event.defaultPrevented || !selection || selection.isCollapsed || around(event, "input, textarea")) return;
  const text = selection.toString(), typed = text.replace(NO_BREAK, " ");
  if (text === typed) return;
  const copied = document.createElement("div");
  for (let k = 0; k < selection.rangeCount; k++) copied.append(selection.getRangeAt(k).cloneContents());
  for (const link of copied.querySelectorAll("a")) link.href = link.href; // absolute, since it leaves the page
  event.clipboardData?.setData("text/plain", typed);
  event.clipboardData?.setData("text/html", copied.innerHTML.replace(/&nbsp;/g, " ").replace(NO_BREAK, " "));
  event.preventDefault();
});
