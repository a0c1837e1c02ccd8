/** How a report looks to those who read it. */

/** How to emphasise, where the reader's screen can. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** No emphasis at all. */
export const plainPaint: Paint = {
  good: same,
  bad: same,
  dim: same,
  bold: same,
};

export interface ReportStyle {
  readonly paint: Paint;
  /** What `wavetank replay` is to be given; undefined where there is no file to give it. */
  readonly file: string | undefined;
}

function same(text: string): string {
  return text;
}
