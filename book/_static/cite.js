/* The cite dialog: forms of citation for the section whose control was used, each with a button that copies it. */
(() => {
  "use strict";

  const source = document.getElementById("cite-data");
  if (!source) return;
  const { forms, book, sections } = JSON.parse(source.textContent);

  /* Where the book is served, addresses are absolute; from a folder on disk they stay relative to the book. */
  function address(section) {
    const absolute = /^[a-z]+:\/\//.test(section.url);
    if (absolute || !location.protocol.startsWith("http")) return section.url;
    return location.origin + location.pathname + "#" + section.id;
  }

  function fill(form, section) {
    const values = { ...book, ...section, url: address(section) };
    return form.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  }

  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /* navigator.clipboard needs a secure context, which file:// is not everywhere; a selection can be copied always. */
  async function copy(text, shown) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const selection = getSelection();
      selection.selectAllChildren(shown);
      const done = document.execCommand("copy");
      if (done) selection.removeAllRanges();
      return done;
    }
  }

  let dialog;

  function build() {
    const title = element("h2", { id: "cite-title" });
    const close = element("button", { type: "button", class: "cite-close" }, "Close");
    const body = element("div", { class: "cite-forms" });
    const status = element("p", { class: "cite-status", role: "status" });
    dialog = element("dialog", { class: "cite-dialog", "aria-labelledby": "cite-title" },
      element("div", { class: "cite-head" }, title, close), body, status);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
  }

  function form(name, text, status) {
    const shown = element("pre", { tabindex: "0", role: "group", "aria-label": name }, text);
    const button = element("button", { type: "button", "aria-label": `Copy ${name}` }, "Copy");
    button.addEventListener("click", async () => {
      const done = await copy(text, shown);
      status.textContent = done ? `${name} copied.` : `${name} is selected: copy it with the keyboard.`;
    });
    const head = element("div", { class: "cite-form-head" }, element("span", { class: "cite-name" }, name), button);
    return element("div", { class: "cite-form" }, head, shown);
  }

  function open(control) {
    const section = sections[control.dataset.cite];
    if (!section) return;
    if (!dialog) build();
    const status = dialog.querySelector(".cite-status");
    status.textContent = "";
    dialog.querySelector("h2").textContent = control.getAttribute("aria-label");
    dialog.querySelector(".cite-forms").replaceChildren(
      ...Object.entries(forms).map(([name, text]) => form(name, fill(text, section), status)));
    control.setAttribute("aria-expanded", "true");
    dialog.addEventListener("close", () => {
      control.removeAttribute("aria-expanded");
      control.focus();
    }, { once: true });
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("button.cite");
    if (control) open(control);
  });

  /* A heading is called by its text, not by the controls in it. */
  for (const control of document.querySelectorAll("button.cite")) {
    const { number, title } = sections[control.dataset.cite] ?? {};
    const heading = control.parentElement;
    if (!title || !/^H[1-6]$/.test(heading.tagName)) continue;
    const own = [...heading.childNodes]
      .filter((node) => !(node instanceof Element && node.matches("button.cite, a.headerlink")))
      .map((node) => node.textContent).join("").trim();
    heading.setAttribute("aria-label", own || `${number} ${title}`);
  }
})();
