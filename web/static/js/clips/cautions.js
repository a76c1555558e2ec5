// @ts-check
// What to look at before a clip is published, in the reader's language where its kind is known.

import { isolated, knows, t } from "../ui/strings.js";

const SIDES = " / "; // between what is printed and what is heard

/** @param {Caution[]} cautions */
export function cautionLines(cautions) {
  return cautions.map(({ kind, message, detail }) => {
    const line = document.createElement("li");
    line.textContent = knows(`caution.${kind}`) ? t(`caution.${kind}`, { detail: detail.split(SIDES).map(isolated).join(SIDES) }) : message;
    return line;
  });
}
