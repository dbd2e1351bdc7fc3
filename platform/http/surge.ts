/** Counted over so long, in ms. */
const SPAN_MS = 100;
/** More come than leave: by a quarter, and by more than a few. */
const MORE = 1.25;
const A_FEW = 10;
/** So many spans more with a surge than without it: many that come at once are no surge, those who keep coming are. */
const LASTING = 5;
const LONGEST_MEMORY = 10;

/** Tells whether more requests keep coming than are carried out. */
export class Surge {
  #spanBegan = 0;
  #came = 0;
  #left = 0;
  #spans = 0;

  get lasts(): boolean {
    return this.#spans >= LASTING;
  }

  /** `now` in ms. */
  came(now: number): void {
    const over = Math.floor((now - this.#spanBegan) / SPAN_MS);
    if (over > 0) {
      const surge = this.#came > MORE * this.#left + A_FEW;
      // In those after the first nobody came.
      const quiet = over - 1;
      this.#spans = Math.min(LONGEST_MEMORY, Math.max(0, this.#spans + (surge ? 1 : -1) - quiet));
      this.#spanBegan = now;
      this.#came = 0;
      this.#left = 0;
    }
    this.#came += 1;
  }

  left(): void {
    this.#left += 1;
  }
}
