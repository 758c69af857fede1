/**
 * How a plot is drawn: uPlot's options for our look. Colours are read off the page, so light and dark are
 * its own.
 */
import { count } from '@casella/kit';
import uPlot from 'uplot';
import { spread, top, type Line, type Mark } from './plot.ts';

export interface Drawing {
  lines: Line[];
  marks: Mark[];
  unit: string;
  width: number;
  height: number;
  colours: CSSStyleDeclaration;
  locale: string;
  /** Told where the pointer is: a time and the lines' values, or null. */
  point(at: number | null, values: (number | null)[]): void;
}

const STROKES = ['--accent', '--warn', '--good', '--bad'];
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const FONT = '13px system-ui, sans-serif';
const FIGURE_PX = 8;
const LABEL_APART_PX = 15;

export function drawn(drawing: Drawing): uPlot.Options {
  const { lines, unit, width, height, locale } = drawing;
  const colour = (name: string) => drawing.colours.getPropertyValue(name).trim();
  const quiet = colour('--ink-quiet');
  const longest = Math.max(0, ...lines.map(({ label }) => wide(label)));
  const axis = { stroke: quiet, font: FONT, labelFont: FONT, grid: { stroke: colour('--line'), width: 1 } };
  const hours = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  return {
    width,
    height,
    padding: [12, Math.ceil(longest) + 14, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: () => [0, top(lines) * 1.08] } },
    axes: [
      {
        ...axis,
        size: 28,
        ticks: { show: false },
        values: (_, splits) => splits.map((at) => hours.format(new Date(at * 1000))),
      },
      {
        ...axis,
        ticks: { show: false },
        label: unit,
        labelSize: 22,
        size: (_, values) => 12 + FIGURE_PX * Math.max(2, ...(values ?? []).map((value) => value.length)),
        values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? count(locale, value) : '')),
      },
    ],
    series: [
      {},
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: colour(STROKES[index] ?? '--accent'),
        dash: DASHES[index] ?? [],
        width: 1.75,
        points: { show: false },
      })),
    ],
    hooks: {
      draw: [(plot) => label(plot, lines, colour), (plot) => mark(plot, drawing.marks, colour('--ink'))],
      setCursor: [
        (plot) => {
          const index = plot.cursor.idx;
          if (index === null || index === undefined) return drawing.point(null, []);
          drawing.point(
            plot.data[0][index] ?? null,
            lines.map((_, at) => plot.data[at + 1]?.[index] ?? null),
          );
        },
      ],
    },
  };
}

/** How wide a text is drawn. */
function wide(text: string): number {
  const ctx = document.createElement('canvas').getContext('2d');
  if (!ctx) return 0;
  ctx.font = FONT;
  return ctx.measureText(text).width;
}

/** Each line's name at its end. */
function label(plot: uPlot, lines: Line[], colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const ends = lines.map((line) => plot.valToPos(line.points.at(-1)?.[1] ?? 0, 'y', true));
  const places = spread(ends, LABEL_APART_PX * ratio, bbox.top + bbox.height);
  ctx.save();
  ctx.font = FONT.replace('13px', `${13 * ratio}px`);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  lines.forEach((line, index) => {
    ctx.fillStyle = colour(STROKES[index] ?? '--accent');
    ctx.fillText(line.label, bbox.left + bbox.width + 6 * ratio, places[index] ?? 0);
  });
  ctx.restore();
}

/** A rule with words where something was the matter. */
function mark(plot: uPlot, marks: Mark[], stroke: string): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const { min, max } = plot.scales['x'] ?? {};
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.fillStyle = stroke;
  ctx.lineWidth = ratio;
  ctx.setLineDash([]);
  ctx.font = FONT.replace('13px', `${12 * ratio}px`);
  ctx.textBaseline = 'top';
  for (const { at, words } of marks) {
    if (min === undefined || max === undefined || at < min || at > max) continue;
    const x = Math.round(plot.valToPos(at, 'x', true));
    const right = x > bbox.left + bbox.width / 2;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.textAlign = right ? 'right' : 'left';
    ctx.fillText(words, x + (right ? -5 : 5) * ratio, bbox.top);
  }
  ctx.restore();
}
