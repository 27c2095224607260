// Escape hides an open note, as WCAG 1.4.13 asks; leaving its value lets notes open again.
(() => {
  const root = document.documentElement;
  const allow = () => root.classList.remove("register-dismissed");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.classList.add("register-dismissed");
  });
  for (const type of ["pointerout", "focusout"]) {
    document.addEventListener(type, (event) => {
      if (event.target instanceof Element && event.target.closest(".register-value")) allow();
    });
  }
})();
