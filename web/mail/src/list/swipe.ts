/** Touch on a row: a swipe to the left deletes, to the right archives, a long press ticks. */
export interface SwipeActions {
  onArchive(): void;
  onTrash(): void;
  onLong(): void;
}

/** Part of the row's width that must be swiped for the action to be meant. */
const MEANT = 0.35;
/** Until here a moving finger may still be scrolling or tapping, in pixels. */
const SLACK_PX = 12;
const LONG_MILLIS = 450;

export function swipe(row: HTMLElement, actions: SwipeActions) {
  let current = actions;
  let from: { x: number; y: number } | null = null;
  let moved = 0;
  let swiping = false;
  let long: ReturnType<typeof setTimeout> | undefined;

  const rest = () => {
    clearTimeout(long);
    from = null;
    swiping = false;
    moved = 0;
    row.style.removeProperty('--swipe');
    delete row.dataset['swipe'];
  };
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  /** The click that ends this touch is no click; the next touch is a new matter, however late that is. */
  const swallowNextClick = () => {
    row.addEventListener('click', swallow, { capture: true });
    const stop = () => row.removeEventListener('click', swallow, { capture: true });
    addEventListener('pointerdown', stop, { capture: true, once: true });
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') return;
    from = { x: event.clientX, y: event.clientY };
    long = setTimeout(() => {
      if (!from || swiping) return;
      swallowNextClick();
      current.onLong();
      rest();
    }, LONG_MILLIS);
  };
  const move = (event: PointerEvent) => {
    if (!from) return;
    moved = event.clientX - from.x;
    if (!swiping) {
      if (Math.abs(event.clientY - from.y) > SLACK_PX) return rest();
      if (Math.abs(moved) < SLACK_PX) return;
      swiping = true;
      clearTimeout(long);
      row.setPointerCapture(event.pointerId);
    }
    row.style.setProperty('--swipe', `${moved}px`);
    row.dataset['swipe'] = moved > 0 ? 'archive' : 'trash';
  };
  const up = () => {
    if (swiping) swallowNextClick();
    const meant = swiping && Math.abs(moved) > row.clientWidth * MEANT;
    const action = moved > 0 ? current.onArchive : current.onTrash;
    rest();
    // The row goes away with the action; the browser must be done with this touch before it does.
    if (meant) setTimeout(action);
  };
  const menu = (event: Event) => {
    if (from) event.preventDefault();
  };

  row.addEventListener('pointerdown', down);
  row.addEventListener('pointermove', move);
  row.addEventListener('pointerup', up);
  row.addEventListener('pointercancel', rest);
  row.addEventListener('contextmenu', menu);
  return {
    update(next: SwipeActions) {
      current = next;
    },
    destroy: rest,
  };
}
