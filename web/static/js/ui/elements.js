// @ts-check
// Elements that a page has: asked for by what they must be, and missed at once where they are not there; and what events bring.

/**
 * The element of that id.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function byId(id, kind) {
  return checked(document.getElementById(id), `#${id}`, kind);
}

/**
 * The first element within `root` that the selector names.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function one(root, selector, kind) {
  return checked(root.querySelector(selector), selector, kind);
}

/**
 * All elements within `root` that the selector names.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function all(root, selector) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))];
}

/**
 * The element around where an event happened, or that itself, that the selector names; null where there is none.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {Event | EventTarget | null} where
 * @param {string} selector
 * @param {new () => E} [kind]
 * @returns {E | null}
 */
export function around(where, selector, kind) {
  const node = where instanceof Event ? where.target : where;
  const found = node instanceof Element ? node.closest(selector) : null;
  return found && checked(found, selector, kind);
}

/** Return the elements of HTML that our own server has rendered. @param {string} html */
export function rendered(html) {
  return /** @type {HTMLElement[]} */ ([...new DOMParser().parseFromString(html, "text/html").body.children]);
}

/** A new element as the template holds it. @param {HTMLTemplateElement} template */
export function copyOf(template) {
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/**
 * Show a dialog, and return the value of the button that closes it; empty where it is closed without.
 * @param {HTMLDialogElement} dialog
 */
export async function answerOf(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue;
}

/** What an event of ours brings along; null where it is none. @param {Event} event */
export function detailOf(event) {
  return event instanceof CustomEvent ? event.detail : null;
}

/**
 * @template {HTMLElement} E
 * @param {Element | null} found
 * @param {string} name
 * @param {new () => E} [kind]
 * @returns {E}
 */
function checked(found, name, kind) {
  const expected = kind ?? HTMLElement;
  if (!(found instanceof expected)) throw new TypeError(`${name}: ${found ? "another kind of element" : "not on this page"}`);
  return /** @type {E} */ (found);
}
