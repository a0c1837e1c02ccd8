/** Something that a partition holds back. */
import type { PipeObserver } from "./pipe-parts.ts";

/** Tells an observer when it begins, once, and when it is over, once. */
export class Hold {
  #held = false;

  begin(observer: PipeObserver | undefined): void {
    if (this.#held) return;
    this.#held = true;
    observer?.held();
  }

  end(observer: PipeObserver | undefined): void {
    if (!this.#held) return;
    this.#held = false;
    observer?.passed();
  }
}
