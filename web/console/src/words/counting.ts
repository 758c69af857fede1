/** Numbers with their nouns, in one language. */
export interface Counting {
  (count: number, one: string, other: string): string;
}

export function counting(locale: string): Counting {
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, one, other) => `${numbers.format(count)} ${plural.select(count) === 'one' ? one : other}`;
}
