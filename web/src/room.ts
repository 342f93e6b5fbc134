// Keys in the reading room: each code has one, Enter goes on, v goes back. They
// can be switched off with the other shortcuts (WCAG 2.1.4).
export function room(form: HTMLFormElement): void {
  addEventListener("keydown", (e) => {
    const at = e.target as HTMLElement;
    if (localStorage.getItem("uitvraag-sneltoetsen-uit") || e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
    if (at.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])")) return;
    if (e.key === "Enter" && !at.closest("a, button, summary, form")) {
      e.preventDefault();
      form.requestSubmit();
      return;
    }
    if (e.key === "v") {
      form.querySelector<HTMLAnchorElement>("a[data-vorige]")?.click();
      return;
    }
    const box = form.querySelector<HTMLInputElement>(`input[data-teken="${CSS.escape(e.key)}"]`);
    if (!box) return;
    e.preventDefault();
    box.click();
    box.focus();
  });
}
