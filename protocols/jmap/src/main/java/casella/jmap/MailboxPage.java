package casella.jmap;

import casella.base.Fault;
import casella.base.Given.Credit;
import casella.base.Html;
import casella.base.OwnRecord.Absence;
import casella.base.OwnRecord.Attempt;
import casella.base.OwnRecord.Away;
import casella.base.OwnRecord.Reckoned;
import casella.store.Service;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an owner is shown of their mailbox without script: how it is, in the webmail's words, what was recorded of it, and how a mail
/// program reaches it.
///
/// @param token that the form to log out carries back
record MailboxPage(PlainPage frame, MailSettings settings, String token) {
    static final String PATH = "/mailbox/%s/";

    /// More are in the webmail's file.
    private static final int TRIED_MAX = 20;

    /// What is shown of an account.
    ///
    /// @param absences null where they cannot be said now, as are the others
    /// @param reckoned what became of its mail
    record Facts(
            String address, Service service, @Nullable List<Absence> absences,
            @Nullable Reckoned reckoned, @Nullable List<Attempt> attempts, @Nullable List<Credit> given) {
        /// Returns what `asked` says; null where it cannot say it now.
        static <T> @Nullable T now(Supplier<T> asked) {
            try {
                return asked.get();
            } catch (Fault e) {
                return null;
            }
        }
    }

    byte[] whole(Facts facts) {
        String title = frame.say("La tua casella", "Your mailbox");
        var inner = new StringBuilder("<h1>%s</h1>\n<p>%s</p>\n".formatted(title,
                Html.text(facts.address())));
        inner.append(frame.told());
        inner.append("<p class=\"state%s\">%s</p>\n".formatted(facts.service().reduced() ? " less" : "",
                Html.text(ServiceWords.of(facts.service().state(),
                        frame.language() == PlainLanguage.ITALIAN))));
        inner.append("<p>%s</p>\n".formatted(frame.say(
                "Per leggere la posta nel browser serve JavaScript: attivalo e apri la pagina di nuovo. Oppure usa un programma di posta.",
                "Reading mail in a browser needs JavaScript: allow it and open the page again. Or use a mail program.")));
        if (!settings.doors().isEmpty()) inner.append(programs(facts.address()));
        inner.append(absences(facts)).append(proof(facts.reckoned())).append(attempts(facts.attempts()))
                .append(given(facts.given()));
        inner.append("""
                <form method="post" action="/logout/%s/">
                <input type="hidden" name="token" value="%s">
                <button type="submit">%s</button>
                </form>
                """.formatted(frame.language().tag(), Html.text(token), frame.say("Esci", "Log out")));
        return frame.whole(title, PATH, inner.toString());
    }

    private String programs(String address) {
        var rows = new StringBuilder();
        for (MailSettings.Door door : settings.doors()) {
            rows.append("<tr><th scope=\"row\">%s</th><td>%s</td><td>%d</td><td>%s</td></tr>\n".formatted(
                    Html.text(door.protocol()), Html.text(settings.host()), door.port(),
                    Html.text(door.security())));
        }
        return """
                <h2>%s</h2>
                <table>
                <caption class="quiet">%s</caption>
                <tr><th scope="col">%s</th><th scope="col">Server</th><th scope="col">%s</th><th scope="col">%s</th></tr>
                %s</table>
                """.formatted(frame.say("Con un programma di posta", "With a mail program"),
                Html.text(frame.say("Nome utente: %s. La password è quella con cui sei entrato.",
                        "User name: %s. The password is the one you came in with.").formatted(address)),
                frame.say("Protocollo", "Protocol"), frame.say("Porta", "Port"), frame.say("Sicurezza",
                        "Security"), rows);
    }

    private String absences(Facts facts) {
        var out = new StringBuilder("<h2>%s</h2>\n".formatted(frame.say("Quando non ha funzionato",
                "When it did not work")));
        if (facts.absences() == null) return out.append(notNow()).toString();
        for (Absence one : facts.absences()) {
            String title = one.incident() == 0 ? frame.say("Gli ultimi 90 giorni", "The last 90 days")
                    : frame.say(one.italian(), one.english());
            String span = one.until() == null
                    ? moment(one.from()) + ", " + frame.say("ancora in corso", "still going on")
                    : frame.say("dal %s al %s", "from %s to %s").formatted(moment(one.from()),
                            moment(one.until()));
            String heading = Html.text(title) + "<br><span class=\"quiet\">" + Html.text(span) + "</span>";
            String rows = rows(one.away()) + came(one, facts.reckoned());
            if (rows.isEmpty()) {
                out.append("<p>%s<br>%s</p>\n".formatted(heading,
                        frame.say("Tutto ha funzionato per tutto il tempo.",
                        "Everything worked all the time.")));
            } else {
                out.append("<table>\n<caption>%s</caption>\n%s</table>\n".formatted(heading, rows));
            }
        }
        return out.toString();
    }

    private String rows(Away away) {
        return row(away.mailbox(), frame.say("Casella non raggiungibile", "Mailbox out of reach"))
                + row(away.logIn(), frame.say("Non si poteva entrare", "Logging in did not work"))
                + row(away.read(), frame.say("Non si poteva leggere", "Reading did not work"))
                + row(away.receive(), frame.say("Non si poteva ricevere", "Receiving did not work"))
                + row(away.send(), frame.say("Non si poteva inviare", "Sending did not work"))
                + row(away.push(), frame.say("Non arrivavano gli avvisi di nuova posta",
                        "New mail was not announced"));
    }

    /// Below a minute it is one: what did not work at all is never shown as nothing.
    private static String row(long millis, String what) {
        if (millis == 0) return "";
        long minutes = Math.max(1, Math.round(millis / 60_000.0));
        return "<tr><th scope=\"row\">%s</th><td class=\"time\">%d h %d min</td></tr>\n".formatted(Html.text(what), minutes / 60, minutes % 60);
    }

    private String came(Absence one, @Nullable Reckoned reckoned) {
        if (reckoned == null || one.away().mailbox() == 0) return "";
        return Optional.ofNullable(reckoned.meanwhile().get(one.id())).map(came ->
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n".formatted(frame.say("Messaggi arrivati intanto", "Mail that came meanwhile"),
                        frame.language().number(came.mails()))).orElse("");
    }

    private String proof(@Nullable Reckoned sum) {
        String heading = "<h2>%s</h2>\n".formatted(frame.say("Che ne è stato dei tuoi messaggi",
                "What became of your mail"));
        if (sum == null) {
            return heading + "<p>%s</p>\n".formatted(frame.say(
                    "Adesso non si possono contare. I messaggi sono conservati: guarda di nuovo più tardi.",
                    "It can’t be counted right now. Your mail is kept: look again later."));
        }
        PlainLanguage in = frame.language();
        String lost = sum.lost() > 0
                ? frame.say("%s non si trovano da nessuna parte. Chiamaci.",
                        "%s are nowhere to be found. Call us.").formatted(
                        in.count(sum.lost(), frame.say("messaggio", "email"), frame.say("messaggi",
                                "emails")))
                : sum.unreachable() > 0
                        ? frame.say("%s adesso non si raggiungono.", "%s can’t be reached right now.")
                                .formatted(
                                in.count(sum.unreachable(), frame.say("messaggio", "email"),
                                        frame.say("messaggi", "emails")))
                        : frame.say("Nessuno è andato perso.", "None was lost.");
        return heading + "<p>%s %s</p>\n".formatted(frame.say(
                "Accettati da sempre: %s. Nella casella: %s; eliminati poi: %s; in attesa: %s.",
                "Ever accepted: %s. In the mailbox: %s; deleted since: %s; waiting: %s.")
                        .formatted(in.number(sum.accepted()),
                        in.number(sum.filed()), in.number(sum.deleted()), in.number(sum.pending())), lost);
    }

    private String attempts(@Nullable List<Attempt> tried) {
        var out = new StringBuilder("<h2>%s</h2>\n".formatted(frame.say("Chi ha provato a scriverti",
                "Who tried to write to you")));
        if (tried == null) return out.append(notNow()).toString();
        if (tried.isEmpty()) {
            return out.append("<p>%s</p>\n".formatted(frame.say("Negli ultimi 90 giorni non abbiamo respinto nessuno.",
                    "In the last 90 days we turned nobody away."))).toString();
        }
        out.append("<table>\n<tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>\n".formatted(
                frame.say("Mittente", "Sender"), frame.say("Ultima volta", "Last time"),
                        frame.say("Arrivato poi", "Came later")));
        for (Attempt one : tried.subList(0, Math.min(TRIED_MAX, tried.size()))) {
            String sender = one.sender().isEmpty() ? frame.say("un avviso di consegna", "a delivery notice")
                    : one.sender();
            out.append("<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n".formatted(Html.text(sender),
                    Html.text(moment(one.last())),
                    one.came() == null ? frame.say("no", "no") : frame.say("sì", "yes")));
        }
        out.append("</table>\n");
        if (tried.size() > TRIED_MAX) {
            out.append("<p class=\"quiet\">%s</p>\n".formatted(frame.say("e altri %s", "and %s more")
                    .formatted(
                    frame.language().number(tried.size() - TRIED_MAX))));
        }
        return out.toString();
    }

    private String given(@Nullable List<Credit> given) {
        var out = new StringBuilder("<h2>%s</h2>\n".formatted(frame.say("Ristoro ricevuto",
                "Compensation received")));
        if (given == null) return out.append(notNow()).toString();
        if (given.isEmpty()) return out.append("<p>%s</p>\n".formatted(frame.say("Finora nessuno.",
                "None so far."))).toString();
        out.append("<ul>\n");
        for (Credit one : given) {
            String room = one.quotaBytes() == 0 ? "" : frame.say("%s MB di spazio in più, per sempre. ",
                    "%s MB more room, for ever. ")
                    .formatted(frame.language().number(Math.ceilDiv(one.quotaBytes(), 1_000_000)));
            String months = one.months() == 0 ? "" : frame.language().count(one.months(),
                    frame.say("mese gratis", "free month"), frame.say("mesi gratis", "free months")) + ". ";
            String ended = one.ended() == null ? "" : frame.say("Ripreso. ", "Taken back. ");
            out.append("<li>%s<span class=\"quiet\">%s · %s</span></li>\n".formatted(Html.text(room + months
                    + ended),
                    Html.text(moment(one.at())), Html.text(frame.say(one.italian(), one.english()))));
        }
        return out.append("</ul>\n").toString();
    }

    private String notNow() {
        return "<p>%s</p>\n".formatted(frame.say("Adesso non si può mostrare.",
                "It can’t be shown right now."));
    }

    private String moment(Instant at) {
        return frame.language().moment(at, settings.zone());
    }
}
