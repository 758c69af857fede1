package casella.incident.breach;

import casella.incident.Words;
import casella.incident.breach.Note.Communicated;
import casella.incident.breach.Note.Decision;
import casella.incident.breach.Note.Notified;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A breach as a document for the authority and for the register, in Italian or English: what operators wrote stands as they wrote it.
public final class BreachPdf {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm xxx", Locale.ROOT);
    private static final Map<String, Words> KINDS = Map.of(
            "availability", new Words("perdita di disponibilità", "loss of availability"),
            "integrity", new Words("perdita di integrità", "loss of integrity"),
            "confidentiality", new Words("perdita di riservatezza", "loss of confidentiality"));
    private static final Words UNKNOWN = new Words("non ancora noto: seguirà (art. 33, par. 4)",
            "not known yet: to follow (Art. 33(4))");

    private final Breach breach;
    private final String language;
    private final ZoneId zone;
    private final Instant now;

    /// @param language `it` or `en`
    /// @param zone in which times are said
    /// @param now when the document is made
    public BreachPdf(Breach breach, String language, ZoneId zone, Instant now) {
        this.breach = breach;
        this.language = language;
        this.zone = zone;
        this.now = now;
    }

    /// Returns the document. Takes tenths of a second of a core.
    ///
    /// @throws UncheckedIOException if it comes to more than 200 pages
    public byte[] bytes() {
        try {
            var sheet = new Sheet(say("Violazione di dati personali", "Personal data breach") + " " + breach.id(),
                    language, say("Registro delle violazioni", "Register of breaches") + " · " + breach.id()
                            + " · " + time(now));
            try {
                head(sheet);
                draft(sheet, breach.draft());
                done(sheet);
                versions(sheet);
                return sheet.bytes();
            } finally {
                sheet.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The document cannot be made", e);
        }
    }

    private String say(String italian, String english) {
        return language.startsWith("it") ? italian : english;
    }

    private String time(Instant at) {
        return TIME.format(at.atZone(zone));
    }

    private String hours(Duration time) {
        return time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    private String or(String text) {
        return text.isEmpty() ? UNKNOWN.in(language) : text;
    }

    private String about(long number) {
        if (number < 0) return UNKNOWN.in(language);
        return say("circa ", "about ") + whole(number);
    }

    private String whole(long number) {
        return String.format(language.startsWith("it") ? Locale.ITALIAN : Locale.ENGLISH, "%,d", number);
    }

    private void head(Sheet sheet) throws IOException {
        Note.Opened opening = breach.opening();
        sheet.title(say("Violazione di dati personali", "Personal data breach"), 18);
        sheet.title(opening.title(), 13);
        sheet.paragraph(say("Regolamento (UE) 2016/679, articoli 33 e 34. Linee guida 9/2022 dell’EDPB.",
                "Regulation (EU) 2016/679, Articles 33 and 34. EDPB Guidelines 9/2022."));
        sheet.heading(say("Termine di 72 ore", "The 72 hours"));
        Clock72 clock = breach.clock(now);
        sheet.pair(say("Numero nel registro", "Number in the register"), Long.toString(breach.id()));
        if (opening.incident() != null) sheet.pair(say("Incidente", "Incident"), opening.incident().toString());
        sheet.pair(say("A conoscenza dal", "Aware since"), time(opening.aware()));
        sheet.pair(say("Chi ne è venuto a conoscenza", "Who became aware"), opening.awareBy());
        sheet.pair(say("Termine", "Deadline"), time(clock.deadline()));
        Instant notified = clock.notified();
        sheet.pair(say("Notifica all’autorità", "Notification"), notified != null ? time(notified)
                : clock.over() ? say("non fatta; termine superato di ", "not made; over the deadline by ")
                        + hours(clock.late())
                : say("non fatta; restano ", "not made; left: ") + hours(clock.left()));
        if (clock.over()) sheet.pair(say("Motivi del ritardo (art. 33, par. 1)", "Reasons for the delay (Art. 33(1))"),
                or(breach.draft().delay()));
    }

    private void draft(Sheet sheet, Draft draft) throws IOException {
        sheet.heading(say("a) Natura della violazione", "(a) Nature of the breach"));
        sheet.pair(say("Tipo", "Kind"), draft.kinds().isEmpty() ? UNKNOWN.in(language) : String.join(", ",
                draft.kinds().stream().map(kind -> KINDS.getOrDefault(kind, UNKNOWN).in(language)).toList()));
        sheet.pair(say("Descrizione", "Description"), or(draft.nature()));
        sheet.pair(say("Categorie di interessati", "Categories of people"), or(draft.peopleCategories()));
        sheet.pair(say("Numero di interessati", "Number of people"), about(draft.people()));
        sheet.pair(say("Categorie di registrazioni", "Categories of records"), or(draft.recordCategories()));
        sheet.pair(say("Numero di registrazioni", "Number of records"), about(draft.records()));
        Numbers numbers = draft.numbers();
        if (numbers != null) numbers(sheet, numbers);
        sheet.heading(say("b) Punto di contatto", "(b) Contact point"));
        sheet.paragraph(or(draft.contact()));
        sheet.heading(say("c) Probabili conseguenze", "(c) Likely consequences"));
        sheet.paragraph(or(draft.consequences()));
        sheet.heading(say("d) Misure adottate o proposte", "(d) Measures taken or proposed"));
        sheet.paragraph(or(draft.measures()));
    }

    private void numbers(Sheet sheet, Numbers one) throws IOException {
        sheet.pair(say("Come sono stati contati", "How they were counted"), say(
                "Periodo dal %s al %s. Caselle dei marchi interessati: %s; di queste, %s senza accesso alla posta per un certo"
                        + " tempo (misurato sulla casella stessa per %s), per %s ore in tutto e %s ore al massimo.",
                "From %s to %s. Mailboxes of the brands concerned: %s; of these, %s without access to mail for some time"
                        + " (measured at the mailbox itself for %s), %s hours in all and %s hours at most.").formatted(
                time(one.from()), time(one.until()), whole(one.accounts()), whole(one.mailbox()),
                        whole(one.measured()),
                whole(one.millis() / 3_600_000), whole(one.longest() / 3_600_000)));
        if (one.mails() >= 0) {
            sheet.pair(say("Messaggi", "Messages"), say(
                    "%s conservati; persi: %s; al momento non raggiungibili: %s.",
                    "%s held; lost: %s; not reachable at present: %s.").formatted(
                    whole(one.mails()), whole(one.lost()), whole(one.unreachable())));
        }
        sheet.pair(say("Mittenti respinti", "Senders turned away"), say(
                "%s; di %s non è arrivato più nulla.", "%s; of %s nothing came later.").formatted(
                whole(one.senders()), whole(one.gone())));
    }

    private void done(Sheet sheet) throws IOException {
        sheet.heading(say("Decisioni e comunicazioni", "Decisions and communications"));
        for (Note note : breach.notes()) {
            switch (note.what()) {
                case Note.Opened _, Note.Drafted _ -> {}
                case Note.Decided(Decision decision, String reasons) -> sheet.pair(time(note.at()),
                        switch (decision) {
                    case NOTIFY -> say("Si notifica all’autorità: ", "The authority is notified: ");
                    case DO_NOT_NOTIFY -> say("Non si notifica (art. 33, par. 1 e 5): ",
                            "The authority is not notified (Art. 33(1) and (5)): ");
                } + reasons + " (" + note.by() + ")");
                case Notified(Instant sent, String authority, String reference, int version) ->
                        sheet.pair(time(sent), say("Notificata la versione %d a %s%s", "Version %d notified to %s%s")
                                .formatted(version, authority, reference.isEmpty() ? "" : " (" + reference + ")"));
                case Communicated(var told, String how) -> sheet.pair(time(told == null ? note.at() : told),
                        (told == null ? say("Interessati non avvisati (art. 34, par. 3): ",
                                "People not told (Art. 34(3)): ")
                                : say("Comunicazione agli interessati (art. 34): ", "People told (Art. 34): ")) + how);
            }
        }
        if (breach.decision().isEmpty()) {
            sheet.paragraph(say("Non è ancora deciso se notificare.", "It is not decided yet whether to notify."));
        }
    }

    private void versions(Sheet sheet) throws IOException {
        sheet.heading(say("Versioni", "Versions"));
        List<Breach.Version> versions = breach.versions();
        if (versions.isEmpty()) sheet.paragraph(say("Nessuna.", "None."));
        for (Breach.Version one : versions) {
            List<String> missing = one.draft().missing();
            sheet.pair(one.number() + " · " + time(one.at()), one.by() + (missing.isEmpty() ? ""
                    : say("; mancano: ", "; to follow: ") + String.join(", ", missing.stream().map(this::item).toList())));
        }
    }

    private String item(String missing) {
        return switch (missing) {
            case "nature" -> say("natura", "nature");
            case "people" -> say("interessati", "people");
            case "records" -> say("registrazioni", "records");
            case "contact" -> say("contatto", "contact");
            case "consequences" -> say("conseguenze", "consequences");
            default -> say("misure", "measures");
        };
    }
}
