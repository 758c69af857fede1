/** The reader's language. Each page brings its words; each language of them is loaded when it is spoken. */
export type Language = 'it' | 'en';

const KEPT = 'casella.language';

/** The words of one page. */
export class Tongue<Words> {
  #spoken = $state.raw<Words | null>(null);

  constructor(private readonly loaders: Record<Language, () => Promise<Words>>) {}

  /** The current words; components that read it are drawn again when the language changes. */
  words(): Words {
    if (!this.#spoken) throw new Error('no language is loaded yet');
    return this.#spoken;
  }

  async speak(language: Language, remember = false): Promise<void> {
    this.#spoken = await this.loaders[language]();
    document.documentElement.lang = language;
    if (remember) localStorage.setItem(KEPT, language);
  }
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
