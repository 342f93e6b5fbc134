// The editor of a questionnaire: line numbers beside the text, and what the
// checker says while somebody types. Without it the numbered lines below the form
// tell the same after a press.

interface Said {
  line: number;
  text: string;
  warning: boolean;
}

const pause = 700; // ms without a key before the text is checked

class Editor {
  private readonly gutter = document.createElement("div");
  private timer = 0;
  private asked = 0;
  private lines = 0;

  constructor(
    private readonly url: string,
    private readonly text: HTMLTextAreaElement,
    private readonly found: HTMLElement,
    private readonly list: HTMLElement,
  ) {
    this.gutter.className = "gutter";
    this.gutter.setAttribute("aria-hidden", "true");
    text.before(this.gutter);
    text.parentElement?.classList.add("with-gutter");
    text.addEventListener("scroll", () => this.follow());
    text.addEventListener("input", () => this.changed());
    list.addEventListener("click", (e) => this.jump(e));
    new ResizeObserver(() => this.follow()).observe(text);
    this.mark(this.said());
  }

  /** What the page says when it comes. */
  private said(): Said[] {
    return [...this.list.querySelectorAll("li")].map((li) => ({
      line: Number(li.querySelector("a")?.hash.replace("#regel-", "")),
      text: "",
      warning: !li.classList.contains("wrong"),
    }));
  }

  private changed(): void {
    if (this.count() !== this.lines) this.mark(this.said());
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), pause);
  }

  private count(): number {
    return this.text.value.split("\n").length;
  }

  private async check(): Promise<void> {
    const own = ++this.asked;
    try {
      const answer = await fetch(this.url, { method: "POST", body: new URLSearchParams({ tekst: this.text.value }) });
      if (!answer.ok || own !== this.asked) return;
      this.tell((await answer.json()) as Said[]);
    } catch {
      // no network: the text is checked again after the next key, and when it is saved
    }
  }

  private tell(all: Said[]): void {
    const faults = all.filter((s) => !s.warning).length;
    const advice = all.length - faults;
    const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
    const words = [faults || advice ? (faults ? count(faults, "fout", "fouten") : "Geen fouten") : "Geen fouten gevonden"];
    if (advice) words.push(count(advice, "opmerking", "opmerkingen"));
    const text = words.join(", ") + ".";
    if (this.found.textContent !== text) this.found.textContent = text;
    this.list.replaceChildren(...all.map(item));
    this.mark(all);
  }

  /** Draws the numbers; those of lines with a message stand out. */
  private mark(all: Said[]): void {
    this.lines = this.count();
    const at = new Map<number, boolean>();
    for (const s of all) at.set(s.line, (at.get(s.line) ?? true) && s.warning);
    this.gutter.replaceChildren(
      ...Array.from({ length: this.lines }, (_, i) => {
        const no = document.createElement("span");
        no.textContent = String(i + 1);
        const warning = at.get(i + 1);
        if (warning !== undefined) no.className = warning ? "told" : "told wrong";
        return no;
      }),
    );
    this.follow();
  }

  private follow(): void {
    this.gutter.style.height = this.text.offsetHeight + "px";
    this.gutter.scrollTop = this.text.scrollTop;
  }

  /** Leads from a message to its line in the text. */
  private jump(e: Event): void {
    const link = (e.target as Element).closest("a");
    if (!link) return;
    e.preventDefault();
    const line = Number(link.hash.replace("#regel-", ""));
    const before = this.text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = this.text.value.indexOf("\n", before);
    this.text.focus();
    this.text.setSelectionRange(before, end < 0 ? this.text.value.length : end);
    const height = this.text.scrollHeight / this.lines;
    this.text.scrollTop = Math.max(0, (line - 6) * height);
  }
}

function item(s: Said): HTMLLIElement {
  const li = document.createElement("li");
  if (!s.warning) li.className = "wrong";
  const link = document.createElement("a");
  link.href = "#regel-" + s.line;
  link.textContent = "Regel " + s.line;
  li.append(link, (s.warning ? ": let op: " : ": fout: ") + s.text);
  return li;
}

/** Starts the editor where there is one. */
export function edit(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-controle]");
  const text = form?.querySelector<HTMLTextAreaElement>("textarea.code");
  const found = form?.querySelector<HTMLElement>(".found");
  const list = form?.querySelector<HTMLElement>(".messages");
  if (!form || !text || !found || !list) return;
  new Editor(form.dataset.controle ?? "", text, found, list);
  document.querySelector<HTMLElement>(".numbered")?.toggleAttribute("hidden", true);
  let dirty = false;
  text.addEventListener("input", () => (dirty = true));
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (e) => {
    if (dirty) e.preventDefault();
  });
}
