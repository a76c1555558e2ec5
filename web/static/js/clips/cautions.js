// @ts-check
// What to look at before a clip is published, in the reader's language where its kind is known.

import { knows, t } from "../ui/strings.js";

/** @param {Caution[]} cautions */
export function cautionLines(cautions) {
  return cautions.map(({ kind, message, detail }) => {
    const line = document.createElement("li");
    line.textContent = knows(`caution.${kind}`) ? t(`caution.${kind}`, { detail }) : message;
    return line;
  });
}
