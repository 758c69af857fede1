/** The words of the console in the reader's language. */
import { Tongue, type Language } from '@casella/kit';
import type { Words } from './en/index.ts';

export type { Words } from './en/index.ts';

const tongue = new Tongue<Words>({
  en: async () => (await import('./en/index.ts')).en,
  it: async () => (await import('./it/index.ts')).it,
});

export const words = (): Words => tongue.words();

export const speak = (language: Language, remember = false): Promise<void> =>
  tongue.speak(language, remember);
