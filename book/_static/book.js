/* What CSS cannot do for readers who use a keyboard or a screen reader. */
(() => {
  "use strict";

  /* A box that scrolls must be reachable by Tab; one that does not must not stand in the way. */
  const boxes = [
    ["div.highlight pre", "Code"],
    [".table-wrapper", "Table"],
    [".diagram", "Diagram"],
    ["div.math", "Formula"],
  ];

  function name(box, kind) {
    const caption = box.querySelector("caption") ??
      box.closest("figure")?.querySelector("figcaption") ??
      box.closest(".literal-block-wrapper")?.querySelector(".code-block-caption");
    const text = [...(caption?.querySelectorAll(".caption-number, .caption-text") ?? [])]
      .map((part) => part.textContent.trim()).join(" ");
    return text || box.dataset.scrollLabel || kind;
  }

  function markScrollers() {
    const used = new Map();
    for (const [selector, kind] of boxes) {
      for (const box of document.querySelectorAll(`article ${selector}`)) {
        const scrolls = box.scrollWidth > box.clientWidth + 1;
        if (!scrolls) {
          if (box.dataset.scrolls) {
            for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
            delete box.dataset.scrolls;
          }
          continue;
        }
        const label = name(box, kind);
        const count = (used.get(label) ?? 0) + 1;
        used.set(label, count);
        box.dataset.scrolls = "true";
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", `${label}${count > 1 ? ` (${count})` : ""}, scrolls sideways`);
      }
    }
  }

  /* furo opens its drawers with labels of hidden checkboxes, which no Tab reaches: a button goes into each label. */
  function addButton(label, text) {
    const box = document.getElementById(label.htmlFor);
    if (!box) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "drawer-button";
    button.setAttribute("aria-label", text);
    button.append(...label.childNodes);
    label.append(button);
    const update = () => button.setAttribute("aria-expanded", String(box.checked));
    button.addEventListener("click", () => box.click());
    box.addEventListener("change", update);
    update();
  }

  for (const [selector, text] of [
    [".nav-overlay-icon", "Contents of the book"],
    [".toc-overlay-icon", "Contents of this page"],
    [".sidebar-tree label", ""],
  ]) {
    for (const label of document.querySelectorAll(selector)) {
      const section = label.parentElement.querySelector(":scope > a")?.textContent.trim();
      addButton(label, text || `Sections of ${section ?? "this part"}`);
    }
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const id of ["__navigation", "__toc"]) {
      const box = document.getElementById(id);
      if (box?.checked) box.click();
    }
  });

  /* A drawer outside the screen is outside the order of Tab as well. */
  const drawers = [["__navigation", ".sidebar-drawer"], ["__toc", ".toc-drawer"]];
  function hideDrawers() {
    for (const [id, selector] of drawers) {
      const drawer = document.querySelector(selector);
      const box = document.getElementById(id);
      if (drawer && box) drawer.inert = getComputedStyle(drawer).position === "fixed" && !box.checked;
    }
  }
  for (const [id] of drawers) document.getElementById(id)?.addEventListener("change", hideDrawers);

  const update = () => { markScrollers(); hideDrawers(); };
  addEventListener("load", update);
  addEventListener("resize", update);
  document.addEventListener("toggle", update, true);
  document.addEventListener("change", markScrollers);
})();
