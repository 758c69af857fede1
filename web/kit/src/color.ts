/** Colours as numbers: enough of OKLCH and WCAG contrast to fit any brand's accent to both of our schemes. */
export interface Oklch {
  /** 0 black to 1 white. */
  l: number;
  /** 0 grey to about 0.37. */
  c: number;
  /** Degrees. */
  h: number;
}

export type Scheme = 'light' | 'dark';

/** The grounds an accent is written on: paper and the folders' pane, as in tokens.css. */
const GROUNDS: Record<Scheme, Oklch[]> = {
  light: [
    { l: 0.992, c: 0.002, h: 250 },
    { l: 0.97, c: 0.004, h: 250 },
  ],
  dark: [
    { l: 0.245, c: 0.01, h: 260 },
    { l: 0.17, c: 0.008, h: 260 },
  ],
};
const WHITE: Oklch = { l: 1, c: 0, h: 0 };
const DARK_INK: Oklch = { l: 0.18, c: 0.02, h: 260 };

/**
 * WCAG 2.2 §1.4.3 asks 4.5 for text; a little more, because chosen rows are tinted with the accent
 * itself.
 */
const CONTRAST_MIN = 5.2;

/** Reads `#rrggbb`, `#rgb` or `oklch(L C H)`, L as number or percent; null when it is neither. */
export function parseColour(text: string): Oklch | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
    return fromSrgb([0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16) / 255) as Triple);
  }
  const parts = /^oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*(?:\/[^)]*)?\)$/i.exec(text.trim());
  if (!parts) return null;
  const l = Number(parts[1]) / (parts[2] === '%' ? 100 : 1);
  const colour = { l, c: Number(parts[3]), h: Number(parts[4]) };
  return l >= 0 && l <= 1 && colour.c <= 0.5 ? colour : null;
}

export function printColour({ l, c, h }: Oklch): string {
  return `oklch(${(l * 100).toFixed(1)}% ${c.toFixed(3)} ${h.toFixed(1)})`;
}

/** WCAG 2.2 contrast ratio, 1 to 21. */
export function contrast(a: Oklch, b: Oklch): number {
  const [bright, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

/** The brand's accent made readable on our grounds, hue kept, and the ink to write on it. */
export function fitAccent(accent: string, scheme: Scheme): { accent: string; ink: string } | null {
  const asked = parseColour(accent);
  if (!asked) return null;
  const step = scheme === 'light' ? -0.01 : 0.01;
  let fitted = asked;
  const readable = () => GROUNDS[scheme].every((ground) => contrast(fitted, ground) >= CONTRAST_MIN);
  // A hundred steps cross all of lightness; black and white are readable, so it ends before.
  for (let at = 0; at < 100 && !readable(); at++) fitted = { ...fitted, l: fitted.l + step };
  const ink = contrast(fitted, WHITE) >= contrast(fitted, DARK_INK) ? WHITE : DARK_INK;
  return { accent: printColour(fitted), ink: printColour(ink) };
}

type Triple = [number, number, number];

function luminance(colour: Oklch): number {
  const [r, g, b] = toLinear(colour).map((channel) => Math.min(1, Math.max(0, channel))) as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** OKLCH to linear sRGB; Björn Ottosson's matrices. */
function toLinear({ l, c, h }: Oklch): Triple {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S,
    -1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S,
    -0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S,
  ];
}

function fromSrgb(srgb: Triple): Oklch {
  const [r, g, b] = srgb.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as Triple;
  const L = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const M = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const S = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * L + 0.793617785 * M - 0.0040720468 * S;
  const a = 1.9779984951 * L - 2.428592205 * M + 0.4505937099 * S;
  const y = 0.0259040371 * L + 0.7827717662 * M - 0.808675766 * S;
  return { l, c: Math.hypot(a, y), h: ((Math.atan2(y, a) * 180) / Math.PI + 360) % 360 };
}
