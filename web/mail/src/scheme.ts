/** Light or dark, and the brand's accent fitted to it. */
import { fitAccent, type Scheme } from '@casella/kit';

const KEPT = 'casella.scheme';
const dark = () => matchMedia('(prefers-color-scheme: dark)');
let accent: string | null = null;

export function scheme(): Scheme {
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
  localStorage.setItem(KEPT, scheme() === 'dark' ? 'light' : 'dark');
  paint();
}

/** An accent that is no colour we know leaves our own. */
export function wear(brandAccent: string): void {
  accent = brandAccent;
  paint();
}

function paint(): void {
  const root = document.documentElement;
  root.dataset['scheme'] = scheme();
  const fitted = accent === null ? null : fitAccent(accent, scheme());
  if (!fitted) return;
  root.style.setProperty('--accent', fitted.accent);
  root.style.setProperty('--accent-ink', fitted.ink);
}
