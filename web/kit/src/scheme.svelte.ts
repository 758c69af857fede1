/** Light or dark, and the brand's accent fitted to it. */
import { fitAccent, type Scheme } from './color.ts';

const KEPT = 'casella.scheme';
const dark = () => matchMedia('(prefers-color-scheme: dark)');
let accent: string | null = null;
let painted = $state.raw<Scheme>('light');

/** The scheme the page is painted in; components that read it are drawn again when it changes. */
export function scheme(): Scheme {
  return painted;
}

function wanted(): Scheme {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'light' || kept === 'dark') return kept;
  return dark().matches ? 'dark' : 'light';
}

/** Paints the page, now and whenever the machine changes between light and dark. */
export function startScheme(): void {
  paint();
  dark().addEventListener('change', paint);
}

export function toggleScheme(): void {
  localStorage.setItem(KEPT, painted === 'dark' ? 'light' : 'dark');
  paint();
}

/** An accent that is no colour we know leaves our own. */
export function wear(brandAccent: string): void {
  accent = brandAccent;
  paint();
}

function paint(): void {
  painted = wanted();
  const root = document.documentElement;
  root.dataset['scheme'] = painted;
  const fitted = accent === null ? null : fitAccent(accent, painted);
  if (!fitted) return;
  root.style.setProperty('--accent', fitted.accent);
  root.style.setProperty('--accent-ink', fitted.ink);
}
