/** The words of the reader's language; each language is a file of its own, loaded when it is spoken. */
import type { Words } from './en.ts';

export type Language = 'it' | 'en';
export type { Words } from './en.ts';

const KEPT = 'casella.language';
const loaders: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en.ts')).en,
  it: async () => (await import('./it.ts')).it,
};

let spoken = $state.raw<Words | null>(null);

/** The current words; components that read it are drawn again when the language changes. */
export function words(): Words {
  if (!spoken) throw new Error('no language is loaded yet');
  return spoken;
}

export async function speak(language: Language, remember = false): Promise<void> {
  spoken = await loaders[language]();
  document.documentElement.lang = language;
  if (remember) localStorage.setItem(KEPT, language);
}

/** What the reader chose, else the first language of the browser that we speak. */
export function preferred(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'it' || language === 'en') return language;
  }
  return 'en';
}

/** The one of our languages that a tag names. */
export const asLanguage = (tag: string): Language => (tag === 'it' ? 'it' : 'en');

export const other = (language: string): Language => (language === 'it' ? 'en' : 'it');
