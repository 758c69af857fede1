package casella.server;

import casella.message.Address;
import casella.message.Compose;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// The mail a demo starts with: what really lies in a mailbox, in Italian and English. Everybody in it is made up.
final class DemoMail {
    /// One mail.
    ///
    /// @param age before now
    /// @param seen whether it was read
    record Letter(String sender, Duration age, boolean seen, byte[] bytes) {}

    private static final byte[] PICTURE = picture();

    private final OffsetDateTime now;
    private final String owner;
    private final String name;
    private final List<Letter> letters = new ArrayList<>();

    private DemoMail(OffsetDateTime now, String owner, String name) {
        this.now = now;
        this.owner = owner;
        this.name = name;
    }

    /// Returns mail for an Italian mailbox, oldest first.
    static List<Letter> italian(OffsetDateTime now, String owner, String name) {
        var demo = new DemoMail(now, owner, name);
        demo.welcome("Benvenuta in Posta", "la tua casella è pronta. Funziona con il programma che usi già, sul telefono e qui nel browser.");
        demo.plain("Condominio Via dei Tigli 14", "condominio@tigli14.example", "Assemblea ordinaria: giovedì alle 18:30", 20, true,
                "Gentili condomini,\n\nl'assemblea ordinaria si terrà giovedì alle 18:30 nella sala al piano terra.\n\nOrdine del giorno:\n1. Bilancio consuntivo\n2. Rifacimento della facciata\n3. Varie ed eventuali\n\nCordiali saluti,\nl'amministratrice");
        demo.invoice();
        demo.thread();
        demo.plain("Biblioteca Civica", "prestiti@biblioteca.example", "Il libro che hai prenotato è arrivato", 9, true,
                "Buongiorno,\n\n«Lessico famigliare» di Natalia Ginzburg è pronto al banco prestiti fino a sabato.\n\nBiblioteca Civica");
        demo.newsletter();
        demo.plain("Studio Medico Ferri", "ricette@studioferri.example", "Promemoria della ricetta", 3, false,
                "Gentile paziente,\n\nil codice della sua ricetta elettronica è 1500A4 078431226. Può mostrarlo in qualsiasi farmacia.\n\nStudio Medico Ferri");
        demo.plain("Banca Ponente", "avvisi@bancaponente.example", "Codice di conferma: 483 019", 1, false,
                "Il codice per confermare l'operazione è 483 019.\nVale dieci minuti. Non comunicarlo a nessuno: noi non lo chiediamo mai.");
        demo.photos();
        return demo.letters;
    }

    /// Returns mail for an English mailbox, oldest first.
    static List<Letter> english(OffsetDateTime now, String owner, String name) {
        var demo = new DemoMail(now, owner, name);
        demo.welcome("Welcome to Virgola", "your mailbox is ready. It works with the program you already use, on your phone and here in the browser.");
        demo.plain("Harbour Rowing Club", "crew@harbour-rowing.example", "Saturday's outing moves to 8:15", 12, true,
                "Morning all,\n\nthe tide is kinder at 8:15, so we push off a quarter of an hour later.\nBring something warm.\n\nGreta");
        demo.plain("Northline Trains", "tickets@northline.example", "Your booking NL-4471", 6, true,
                "Outbound  Fri 09:12  platform 4\nReturn    Sun 17:40\nSeat      coach C, 31 (window)\n\nHave a good journey.");
        demo.plain("Ledger & Sons", "accounts@ledgersons.example", "Statement for November", 4, false,
                "Dear customer,\n\nyour statement is attached to your account page. Nothing is due.\n\nLedger & Sons");
        demo.plain("Virgola", "security@virgola.example", "New sign-in from Firefox on Linux", 2, false,
                "Somebody signed in to your mailbox from Firefox on Linux. If it was you, there is nothing to do.");
        demo.thread();
        demo.photos();
        return demo.letters;
    }

    private Compose mail(String from, String address, String subject, double days) {
        OffsetDateTime at = now.minus(age(days));
        String id = Integer.toHexString((from + subject + owner).hashCode()) + "@" + address.substring(address.indexOf('@') + 1);
        return new Compose()
                .from(Address.of(from, address))
                .to(Address.of(name, owner))
                .subject(subject)
                .date(at)
                .messageId(id);
    }

    private static Duration age(double days) {
        return Duration.ofMinutes((long) (days * 24 * 60));
    }

    private void add(String sender, double days, boolean seen, Compose mail) {
        letters.add(new Letter(sender, age(days), seen, mail.draft().bytes()));
    }

    private void plain(String from, String address, String subject, double days, boolean seen, String text) {
        add(address, days, seen, mail(from, address, subject, days).text(text));
    }

    private void welcome(String subject, String text) {
        String domain = owner.substring(owner.indexOf('@') + 1);
        String sender = "posta@" + domain;
        add(sender, 30, true, mail("Casella", sender, subject, 30)
                .text("Ciao " + name + ",\n\n" + text + "\n")
                .html("<h2>" + subject + "</h2><p>Ciao " + name + ",</p><p>" + text + "</p>"));
    }

    private void invoice() {
        String text = "Buongiorno,\n\nin allegato la fattura n. 118 per il servizio di novembre.\nTotale: € 84,20. Scadenza: 15 dicembre.\n\nGrazie,\nOfficina Bianchi";
        byte[] page = "%PDF-1.4\n% fattura n. 118\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
        add("fatture@officinabianchi.example", 15, true,
                mail("Officina Bianchi", "fatture@officinabianchi.example", "Fattura n. 118", 15)
                        .text(text)
                        .attach("application/pdf", "Fattura 118 – novembre.pdf", page));
    }

    private void newsletter() {
        add("redazione@lalanterna.example", 5, false,
                mail("La Lanterna", "redazione@lalanterna.example", "Questa settimana: tre libri e una ricetta", 5)
                        .text("Tre libri per l'inverno, la ricetta della zucca al forno e una passeggiata lungo il fiume.")
                        .html("<div style=\"font-family:Georgia,serif\"><h1 style=\"color:#7a3e1d\">La Lanterna</h1>"
                                + "<p>Tre libri per l'inverno, la ricetta della <b>zucca al forno</b> e una passeggiata lungo il fiume.</p>"
                                + "<p><img src=\"https://immagini.lalanterna.example/copertina.jpg\" alt=\"Copertina\" width=\"320\"></p>"
                                + "<p><a href=\"https://lalanterna.example/numero/48\">Leggi il numero</a></p></div>"));
    }

    private void thread() {
        String marta = "marta@posta.example";
        String first = "gita-1." + Integer.toHexString(owner.hashCode()) + "@posta.example";
        String second = "gita-2." + Integer.toHexString(owner.hashCode()) + "@posta.example";
        add(marta, 8, true, new Compose().from(Address.of("Marta Conti", marta)).to(Address.of(name, owner))
                .subject("Gita al lago").date(now.minus(age(8))).messageId(first)
                .text("Domenica andiamo al lago? Partenza alle nove, pranzo al sacco.\n\nMarta"));
        add("dario@virgola.example", 7.5, true, new Compose().from(Address.of("Dario Neri", "dario@virgola.example"))
                .to(Address.of("Marta Conti", marta)).cc(Address.of(name, owner))
                .subject("Re: Gita al lago").date(now.minus(age(7.5))).messageId(second).answers(List.of(first))
                .text("Ci sono! Porto la torta.\n\n> Domenica andiamo al lago?"));
        add(marta, 2.2, false, new Compose().from(Address.of("Marta Conti", marta)).to(Address.of(name, owner))
                .subject("Re: Gita al lago").date(now.minus(age(2.2)))
                .messageId("gita-3." + Integer.toHexString(owner.hashCode()) + "@posta.example").answers(List.of(first, second))
                .text("Benissimo. Allora siamo in quattro: prenoto il tavolo vicino all'acqua.\n\nMarta"));
    }

    private void photos() {
        add("dario@virgola.example", 0.1, false, mail("Dario Neri", "dario@virgola.example", "Le foto di domenica 📷", 0.1)
                .text("Ecco la più bella.")
                .html("<p>Ecco la più bella:</p><p><img src=\"cid:lago@virgola.example\" alt=\"Il lago\" width=\"160\"></p>")
                .inline("lago@virgola.example", "image/png", "lago.png", PICTURE));
    }

    /// A small picture of a lake under a sky.
    private static byte[] picture() {
        var image = new java.awt.image.BufferedImage(160, 100, java.awt.image.BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 100; y++) {
            for (int x = 0; x < 160; x++) {
                boolean water = y > 62;
                int wave = (int) (6 * Math.sin((x + 3.0 * y) / 7));
                image.setRGB(x, y, water ? rgb(20, 90 + wave, 120 + wave) : rgb(250 - y, 190 - y / 2, 120 + y));
            }
        }
        var out = new java.io.ByteArrayOutputStream();
        try {
            javax.imageio.ImageIO.write(image, "png", out);
        } catch (java.io.IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    private static int rgb(int red, int green, int blue) {
        return (red << 16) | (green << 8) | blue;
    }
}
