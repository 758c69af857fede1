/** Mail that looks like mail, for the photographs and for trying things out by hand. */
import { change, create } from './methods.ts';
import type { FakeServer } from './server.ts';
import type { FakeAccount } from './state.ts';

interface Letter {
  from: [name: string, email: string];
  subject: string;
  hoursAgo: number;
  text?: string;
  html?: string;
  seen?: true;
  flagged?: true;
  answered?: true;
  to?: [string, string][];
  cc?: [string, string][];
  file?: [name: string, type: string, bytes: number];
  mailbox?: string;
}

const NEWSLETTER = `<style>.b{background:#0d5c4d;color:#fff;padding:24px;font-family:Georgia,serif}</style>
<table width="100%" cellpadding="0"><tr><td class="b"><h1 style="margin:0">Bottega Lanaia</h1></td></tr>
<tr><td style="padding:20px 0"><img src="http://img.example/hero.jpg" width="600" height="240" alt="">
<p>I gomitoli d’autunno sono arrivati: merino, alpaca e lino in <b>ventidue colori</b>.</p>
<p><a href="https://lanaia.example/autunno" style="color:#0d5c4d">Guarda la collezione</a></p></td></tr></table>`;

const LETTERS: Letter[] = [
  {
    from: ['Giulia Ferri', 'giulia@posta.example'],
    subject: 'Sabato al lago?',
    hoursAgo: 0.4,
    text: 'Ciao Anna,\n\nsabato pensavamo di andare al lago con i bambini: partenza alle 9 da casa nostra, pranzo al sacco.\nPorti tu la coperta grande? Il posto è questo: https://mappe.example/lago-di-segrino\n\nUn bacio,\nGiulia',
  },
  {
    from: ['Comune di Treviso', 'avvisi@comune.example'],
    subject: 'Avviso di pagamento TARI 2026, seconda rata',
    hoursAgo: 1.2,
    text: 'Gentile contribuente,\n\nin allegato l’avviso per la seconda rata della tassa sui rifiuti, scadenza 2 dicembre 2026.\n\nUfficio Tributi',
    file: ['avviso-tari-2026.pdf', 'application/pdf', 184_220],
  },
  {
    from: ['Bruno Conti', 'bruno@virgola.example'],
    subject: 'Re: Preventivo infissi',
    hoursAgo: 3,
    seen: true,
    answered: true,
    cc: [['Studio Moretti', 'studio@moretti.example']],
    text: 'Grazie, così va bene. Per le finestre della cucina terrei il legno chiaro.\n\nSentiamoci giovedì.\n\nBruno\n\nIl 21 nov 2026, Anna Rinaldi ha scritto:\n> Ciao Bruno,\n> ti mando il preventivo rivisto.\n> Il totale scende di 320 euro.\n> La consegna resta a gennaio.\n> Dimmi che ne pensi.\n> Anna',
  },
  {
    from: ['Bottega Lanaia', 'notizie@lanaia.example'],
    subject: 'I gomitoli d’autunno sono qui',
    hoursAgo: 5,
    html: NEWSLETTER,
  },
  {
    from: ['Banca Civica', 'sicurezza@banca.example'],
    subject: 'Il tuo codice è 482 913',
    hoursAgo: 8,
    seen: true,
    text: 'Il codice per confermare l’operazione è 482 913. Vale 5 minuti. Non comunicarlo a nessuno.',
  },
  {
    from: ['Marta Oliveri', 'marta.oliveri@scuola.example'],
    subject: 'Verbale del consiglio di classe e calendario dei colloqui di dicembre',
    hoursAgo: 26,
    seen: true,
    flagged: true,
    text: 'Cari genitori,\n\ntrovate qui il verbale e il calendario dei colloqui.',
    file: ['verbale.docx', 'application/octet-stream', 48_100],
  },
  {
    from: ['Trenitalia', 'biglietti@treni.example'],
    subject: 'Biglietto Treviso – Firenze, 5 dicembre',
    hoursAgo: 30,
    seen: true,
    text: 'Carrozza 4, posto 12A. Partenza 07:48.',
    file: ['biglietto.pdf', 'application/pdf', 96_000],
  },
  {
    from: ['Paolo', 'paolo@posta.example'],
    subject: 'foto della cena',
    hoursAgo: 50,
    text: 'Te ne mando un po’!',
    file: ['cena.jpg', 'image/jpeg', 2_400_000],
  },
  {
    from: ['Biblioteca civica', 'prestiti@biblioteca.example'],
    subject: 'Il libro che hai prenotato è arrivato',
    hoursAgo: 74,
    seen: true,
    text: '«Lessico famigliare» ti aspetta al banco fino al 30.',
  },
  {
    from: ['Studio dentistico Zorzi', 'agenda@zorzi.example'],
    subject: 'Promemoria: martedì 24 alle 16:30',
    hoursAgo: 96,
    seen: true,
    text: 'Ti aspettiamo martedì alle 16:30.',
  },
  {
    from: ['Anna Rinaldi', 'anna@posta.example'],
    subject: 'Preventivo infissi',
    hoursAgo: 28,
    seen: true,
    mailbox: 'mb-sent',
    to: [['Bruno Conti', 'bruno@virgola.example']],
    text: 'Ciao Bruno,\nti mando il preventivo rivisto.',
  },
  {
    from: ['Premi Online', 'win@win.example'],
    subject: 'HAI VINTO!!!',
    hoursAgo: 12,
    mailbox: 'mb-junk',
    text: 'Clicca qui.',
  },
];

export function fill(server: FakeServer): { anna: FakeAccount; bruno: FakeAccount } {
  const anna = server.add('anna@posta.example', 'Anna Rinaldi');
  const bruno = server.add('bruno@virgola.example', 'Bruno Conti');
  const house = anna.addMailbox('Casa');
  anna.addMailbox('Bollette', null, house);
  anna.addMailbox('Viaggi');
  const endless = anna.addMailbox('Un milione');
  anna.endless.set(endless, 1_000_000);
  for (const letter of LETTERS) post(anna, letter);
  for (let n = 0; n < 60; n++) {
    post(anna, {
      from: ['Gruppo Camminate', 'gruppo@camminate.example'],
      subject: `Camminata numero ${60 - n}`,
      hoursAgo: 120 + n * 30,
      seen: true,
      text: 'Ritrovo in piazza alle 8.',
    });
  }
  return { anna, bruno };
}

export function post(to: FakeAccount, letter: Letter): string {
  const at = new Date(Date.now() - letter.hoursAgo * 3_600_000).toISOString();
  const file = letter.file;
  const attachments = file
    ? [
        {
          blobId: to.blob(Buffer.alloc(file[2]), file[1]),
          name: file[0],
          type: file[1],
          disposition: 'attachment',
        },
      ]
    : [];
  const address = ([name, email]: [string, string]) => ({ name, email });
  const email = create(to, {
    mailboxIds: { [letter.mailbox ?? 'mb-inbox']: true },
    keywords: {},
    receivedAt: at,
    sentAt: at,
    from: [address(letter.from)],
    to: (letter.to ?? [['Anna Rinaldi', to.address]]).map(address),
    cc: letter.cc?.map(address),
    subject: letter.subject,
    attachments,
    ...(letter.html === undefined
      ? { textBody: [{ partId: 't', type: 'text/plain' }], bodyValues: { t: { value: letter.text ?? '' } } }
      : { htmlBody: [{ partId: 'h', type: 'text/html' }], bodyValues: { h: { value: letter.html } } }),
  });
  to.put(email);
  const keywords = { $seen: letter.seen, $flagged: letter.flagged, $answered: letter.answered };
  for (const [keyword, on] of Object.entries(keywords))
    if (on) change(to, email.id, { [`keywords/${keyword}`]: true });
  return email.id;
}
