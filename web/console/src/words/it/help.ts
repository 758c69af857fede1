/** Aiuto dentro una casella. */
import type { Words } from '../en/index.ts';

export const help: Words['help'] = {
  title: 'Aiuto dentro la casella',
  text: 'La persona crea un codice nella webmail, sotto «La tua casella», e te lo dice. Puoi guardare per 30 minuti, fin dove dice lei. Nella casella non cambia nulla; la persona legge ogni tuo sguardo.',
  code: 'Il codice della persona',
  begin: 'Inizia',
  scopes: {
    folders: 'Puoi vedere le cartelle e quanti messaggi contengono,',
    messages: 'Puoi vedere le cartelle e gli elenchi dei messaggi,',
    contents: 'Puoi vedere le cartelle, gli elenchi e che cosa dice un messaggio,',
  },
  until: 'fino a ',
  read: 'La persona legge ogni tuo sguardo.',
  folders: 'Cartelle',
  end: 'Termina',
  back: 'Torna all’elenco',
  from: 'Da',
  subject: 'Oggetto',
  received: 'Ricevuto',
  files: 'Allegati (non mostrati)',
  truncated: 'Il messaggio continua; questo è l’inizio.',
  empty: 'È vuota.',
  noSubject: '(senza oggetto)',
  more: 'Altri',
  counts: (emails, unread) => `${emails} messaggi, ${unread} da leggere`,
};
