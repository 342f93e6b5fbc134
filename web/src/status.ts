// What the page says about saving. The status node is announced at most once in
// half a minute; its text is always true. What went wrong stands in the alert.

const quiet = 30_000;
const stays = 6_000;

export class Status {
  private announced = 0;
  private keepUntil = 0;
  private timer = 0;

  constructor(
    private readonly node: HTMLElement,
    private readonly alert: HTMLElement,
  ) {}

  /** Says that all is saved. What the page did to answers can first be heard. */
  saved(text: string): void {
    this.alert.textContent = "";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.write(text, true, Date.now() - this.announced >= quiet), Math.max(0, this.keepUntil - Date.now()));
  }

  /** Says that something is not right yet. What, is told when the page is posted. */
  open(text: string): void {
    this.alert.textContent = "";
    clearTimeout(this.timer);
    this.write(text, false, false);
  }

  /** Says that the last change is not saved yet. What the page did to answers can first be read. */
  waits(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.write("Wordt zo opgeslagen", false, false), Math.max(0, this.keepUntil - Date.now()));
  }

  /** Says that something is not saved, and what to do. */
  failed(text: string, advice: string): void {
    clearTimeout(this.timer);
    this.keepUntil = 0;
    this.write(text, false, false);
    if (this.alert.textContent !== advice) this.alert.textContent = advice;
  }

  /** Says what must be known before it is too late. */
  warn(advice: string): void {
    this.alert.textContent = advice;
  }

  /** Says what the page did to the answers. It is always announced. */
  tell(text: string): void {
    clearTimeout(this.timer);
    this.keepUntil = Date.now() + stays;
    this.write(text, false, true);
  }

  private write(text: string, saved: boolean, announce: boolean): void {
    this.node.classList.toggle("is-saved", saved);
    if (this.node.textContent === text) return;
    this.node.setAttribute("aria-live", announce ? "polite" : "off");
    this.node.textContent = text;
    if (announce) this.announced = Date.now();
  }
}
