/** The words of the webmail in the reader's language. */
import { Tongue, type Language } from '@casella/kit';
import type { Words } from './en.ts';

export { asLanguage, other, preferred, type Language } from '@casella/kit';
export type { Words } from './en.ts';

const tongue = new Tongue<Words>({
  en: async () => (await import('./en.ts')).en,
  it: async () => (await import('./it.ts')).it,
});

export const words = (): Words => tongue.words();

export const speak = (language: Language, remember = false): Promise<void> =>
  tongue.speak(language, remember);
