// @ts-check
// Typed access to elements, with an error at once if one is missing, and to the details of events.

/**
 * Return the element with an id.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function byId(id, kind) {
  return checked(document.getElementById(id), `#${id}`, kind);
}

/**
 * Return the first element within `root` that matches the selector.
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
 * Return all elements within `root` that match the selector.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function all(root, selector) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))];
}

/**
 * Return the event's target or its closest ancestor that matches the selector; null if there is none.
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

/** Return the elements of HTML that the app's server rendered. @param {string} html */
export function rendered(html) {
  return /** @type {HTMLElement[]} */ ([...new DOMParser().parseFromString(html, "text/html").body.children]);
}

/** Return a copy of a template's element. @param {HTMLTemplateElement} template */
export function copyOf(template) {
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/**
 * Show a dialog, and return the value of the button that closes it; empty if it is closed otherwise.
 * @param {HTMLDialogElement} dialog
 */
export async function answerOf(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue;
}

/** Return the detail of a custom event; null for other events. @param {Event} event */
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
