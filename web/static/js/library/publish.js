// @ts-check
// The page of a publishing target: copies its tags and lines.

import { copyText } from "../ui/clipboard.js";
import { all, around, one } from "../ui/elements.js";
import { announce, messageOf, t } from "../ui/strings.js";

document.addEventListener("click", async (event) => {
  const button = around(event, "button[data-copy]", HTMLButtonElement);
  if (!button) return;
  const label = one(button, "span"), before = label.textContent;
  try {
    await copyText(all(document, `[id^="${button.dataset.copy}"]:is(code, pre)`).map((part) => part.textContent).join("\n"));
    announce((label.textContent = t("publish.copied")));
    setTimeout(() => { label.textContent = before; }, 2000);
  } catch (error) {
    announce(messageOf(error));
  }
});
