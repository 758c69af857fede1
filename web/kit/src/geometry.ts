/**
 * Where the rows of a long list are. Two spaces that must not be mixed up, so they are two types:
 * layout, in which every row has its true place (a million rows of 64 px are 64,000,000 px), and
 * scroll, what the browser can scroll (browsers stop at about 16,700,000 px). Up to there they are the same.
 */
declare const space: unique symbol;
export type LayoutY = number & { readonly [space]: 'layout' };
export type ScrollY = number & { readonly [space]: 'scroll' };

export const layoutY = (px: number): LayoutY => px as LayoutY;
export const scrollY = (px: number): ScrollY => px as ScrollY;

/** Below the smallest limit of the browsers, in CSS pixels. */
export const SCROLL_HEIGHT_MAX = 15_000_000;

/** Rows drawn beyond the edge of the view on each side. */
const OVERSCAN_ROWS = 6;

export class Geometry {
  readonly layoutHeight: LayoutY;
  readonly scrollHeight: ScrollY;

  constructor(
    readonly rows: number,
    readonly rowHeight: number,
    readonly viewHeight: number,
  ) {
    this.layoutHeight = layoutY(rows * rowHeight);
    this.scrollHeight = scrollY(Math.min(this.layoutHeight, SCROLL_HEIGHT_MAX));
  }

  /** True when the list is taller than a browser can scroll. */
  get squeezed(): boolean {
    return this.layoutHeight > this.scrollHeight;
  }

  /** Layout pixels per scroll pixel; 1 unless squeezed. */
  get factor(): number {
    if (!this.squeezed) return 1;
    return (this.layoutHeight - this.viewHeight) / (this.scrollHeight - this.viewHeight);
  }

  get layoutTopMax(): LayoutY {
    return layoutY(Math.max(0, this.layoutHeight - this.viewHeight));
  }

  toLayout(top: ScrollY): LayoutY {
    return this.clamp(layoutY(top * this.factor));
  }

  toScroll(top: LayoutY): ScrollY {
    return scrollY(this.clamp(top) / this.factor);
  }

  clamp(top: LayoutY): LayoutY {
    return layoutY(Math.min(Math.max(0, top), this.layoutTopMax));
  }

  /** The rows to draw when the view begins at `top`: half-open. */
  drawn(top: LayoutY): { from: number; until: number } {
    const first = Math.floor(top / this.rowHeight) - OVERSCAN_ROWS;
    const last = Math.ceil((top + this.viewHeight) / this.rowHeight) + OVERSCAN_ROWS;
    return { from: Math.max(0, first), until: Math.min(this.rows, Math.max(0, last)) };
  }

  topOf(row: number): LayoutY {
    return layoutY(row * this.rowHeight);
  }

  /** Where the view must begin so that `row` is in it, moved as little as can be. */
  reveal(row: number, top: LayoutY): LayoutY {
    const rowTop = this.topOf(row);
    if (rowTop < top) return this.clamp(rowTop);
    const least = layoutY(rowTop + this.rowHeight - this.viewHeight);
    return top < least ? this.clamp(least) : top;
  }
}

/** Further than this in one step is the scrollbar being dragged, not a wheel: in heights of the view. */
const DRAG_VIEWS = 3;

/**
 * Follows the scrollbar of a list. In a squeezed list a wheel step must move as far as in any other, and
 * dragging must reach every row: so small steps count in layout pixels and large ones in scroll pixels.
 */
export class Scroller {
  #scroll = scrollY(0);
  #layout = layoutY(0);

  get top(): LayoutY {
    return this.#layout;
  }

  /** Takes the scrollbar's new place. */
  moved(geometry: Geometry, to: ScrollY): void {
    const step = to - this.#scroll;
    this.#scroll = to;
    const edge = to <= 0 || to >= geometry.scrollHeight - geometry.viewHeight;
    const dragged = Math.abs(step) > geometry.viewHeight * DRAG_VIEWS;
    if (!geometry.squeezed || dragged || edge) this.#layout = geometry.toLayout(to);
    else this.#layout = geometry.clamp(layoutY(this.#layout + step));
  }

  /** Puts the view at `top`; returns where the scrollbar must be set. */
  jump(geometry: Geometry, top: LayoutY): ScrollY {
    this.#layout = geometry.clamp(top);
    this.#scroll = scrollY(Math.round(geometry.toScroll(this.#layout)));
    return this.#scroll;
  }

  /** Where the scrollbar should be when it rests; small steps leave it a little off in a squeezed list. */
  rest(geometry: Geometry): ScrollY {
    return this.jump(geometry, this.#layout);
  }
}
