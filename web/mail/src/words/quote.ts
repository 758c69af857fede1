/** The sentences of a quotation, in the language the reader writes in now. */
import { longTime } from '@casella/kit';
import type { QuoteWords } from '@casella/store';
import { words } from './words.svelte.ts';

export function quoteWords(): QuoteWords {
  const { compose, message, locale } = words();
  return {
    wrote: (who, at) => compose.wrote(who, longTime(locale, new Date(at))),
    forwarded: compose.forwarded,
    from: message.from,
    date: message.date,
    subject: compose.subject,
    to: message.to,
  };
}
