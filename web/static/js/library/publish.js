// @ts-check
// What of an episode goes to which place: tags and lines are copied, and the tags name the files where they will lie.

import { copyText } from "../ui/clipboard.js";
import { all, around, byId, one } from "../ui/elements.js";
import { always } from "../ui/memory.js";
import { messageOf, t } from "../ui/strings.js";

const BASE = "quotecast-base-url"; // where the files of this reader's episodes lie
const HOST = /^(?:(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f:.]+\])$/;
const LONGEST_ADDRESS = 2000; // characters
const said = byId("said");

document.addEventListener("click", async (event) => {
  const button = around(event, "button[data-copy], button[data-copy-all]", HTMLButtonElement);
  if (!button) return;
  const { copy, copyAll } = button.dataset;
  const parts = copy ? [byId(copy)] : all(document, `[id^="${copyAll}"]`);
  const label = one(button, "span"), before = label.textContent;
  try {
    await copyText(parts.map((part) => part.textContent).join("\n"));
    label.textContent = said.textContent = t("publish.copied");
    setTimeout(() => { label.textContent = before; }, 2000);
  } catch (error) {
    said.textContent = messageOf(error);
  }
});

const field = document.getElementById("base-url");
if (field instanceof HTMLInputElement) {
  const problem = byId("base-url-problem"), places = all(document, "[data-base]");
  const show = () => {
    const base = folderOf(field.value);
    for (const place of places) {
      place.textContent = base ?? place.dataset.base ?? "";
      place.classList.toggle("unsaid", base === null && place.textContent !== "");
    }
    const option = document.getElementById("command-base");
    if (option) option.textContent = optionOf(base);
    return base;
  };
  const check = () => {
    problem.hidden = folderOf(field.value) !== null || !field.value.trim();
    problem.textContent = problem.hidden ? "" : t(`publish.base.${tellsWho(field.value) ? "secret" : "wrong"}`);
    field.setAttribute("aria-invalid", String(!problem.hidden));
  };
  field.value ||= always.read(BASE) ?? ""; // a reader may have written something before this script came
  show();
  if (document.activeElement !== field) check();
  field.addEventListener("input", () => {
    const base = show();
    if (base !== null || !field.value.trim()) problem.hidden = true;
    if (base !== null) always.write(BASE, field.value.trim());
    else if (!field.value.trim()) always.forget(BASE);
  });
  field.addEventListener("blur", check);
  field.form?.addEventListener("submit", (event) => event.preventDefault());
}

/**
 * The address of a folder as a tag holds it; null where it is none, or one that the commands refuse (`check_folder_address`).
 * @param {string} typed
 */
function folderOf(typed) {
  if (/[?#]|\.html?\/*$/i.test(typed.trim()) || !URL.canParse(typed.trim()) || tellsWho(typed)) return null;
  const { protocol, hostname, port, href } = new URL(typed.trim());
  if (!["http:", "https:"].includes(protocol) || !HOST.test(hostname) || port === "0") return null;
  const folder = `${href.replace(/\/+$/, "")}/`;
  return folder.length > LONGEST_ADDRESS ? null : folder.replaceAll("&", "&amp;");
}

/**
 * Whether an address has a name or a password in it, which all could read in a feed.
 * @param {string} typed
 */
function tellsWho(typed) {
  if (!URL.canParse(typed.trim())) return false;
  const { username, password } = new URL(typed.trim());
  return Boolean(username || password);
}

/**
 * The option by which a command is told of the address; nothing of none.
 * @param {string | null} base
 */
function optionOf(base) {
  if (base === null) return "";
  const address = base.replaceAll("&amp;", "&").replaceAll("'", "%27");
  return ` --base-url ${/^[\w.:/%-]+$/.test(address) ? address : `'${address}'`}`;
}
