// @ts-check
// Makes elements of the shadow tree.

const COLOURS = 8;

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined>} attributes `class` also sets the part; null and false are omitted
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
    if (name === "class") element.setAttribute("part", String(value).replace(/\bc\d\b/, "").trim());
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {number | null} speaker */
export const colourOf = (speaker) => (speaker === null ? "" : `c${speaker % COLOURS}`);
