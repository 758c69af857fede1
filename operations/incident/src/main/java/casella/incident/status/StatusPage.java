package casella.incident.status;

import casella.incident.Entry.Answered;
import casella.incident.Entry.Estimated;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import casella.incident.Article;
import casella.incident.Entry;
import casella.base.Html;
import casella.incident.Incident;
import casella.incident.Words;
import casella.incident.status.Component.Condition;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// The pages that people read: what is the matter, for whom, what works, when more is said; and what was before. Plain HTML that
/// needs no script; whatever an operator wrote stays text.
final class StatusPage {
    private static final int DAYS = 90;
    private static final int EARLIER_MAX = 20;
    private static final int NOTICES_MAX = 100;

    private final Facts facts;
    private final String language;
    private final DateTimeFormatter time;
    private final DateTimeFormatter day;

    StatusPage(Facts facts, String language) {
        this.facts = facts;
        this.language = language;
        Locale locale = language.equals("it") ? Locale.ITALY : Locale.UK;
        this.time = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                .withLocale(locale).withZone(facts.line().zone());
        this.day = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale);
    }

    private String say(String italian, String english) {
        return language.equals("it") ? italian : english;
    }

    private String say(Words words) {
        return Html.text(words.in(language));
    }

    /// Returns the first page.
    String index() {
        var body = new StringBuilder();
        body.append(verdict());
        for (Incident one : facts.open()) body.append(incident(one, "h2", true));
        body.append(components()).append(bars()).append(earlier());
        return page(facts.title() + " – " + say("stato del servizio", "service status"), "", body);
    }

    /// Returns the page of one incident, from its opening on.
    String incident(Incident one) {
        return page(one.title().in(language) + " – " + facts.title(), "incident-" + one.id() + ".html",
                new StringBuilder(incident(one, "h1", false)));
    }

    /// Returns the page of what was learned of an incident.
    ///
    /// @param version which of its versions, 1 for the first
    String postMortem(Incident one, int version) {
        List<Entry> versions = one.postMortems();
        Entry entry = versions.get(version - 1);
        if (!(entry.what() instanceof Entry.PostMortem said)) throw new IllegalStateException("no post-mortem");
        Article article = said.in(language);
        var body = new StringBuilder("<article>\n<h1>" + Html.text(article.title())
                + "</h1>\n<p class=\"facts\">");
        body.append(say("Analisi di ", "What we learned of "))
                .append("<a href=\"incident-%d.html\">".formatted(one.id()))
                .append(say(one.title())).append("</a> · ").append(moment(entry.at()));
        if (versions.size() > 1) {
            body.append(" · ").append(say("versione %d di %d", "version %d of %d").formatted(version,
                    versions.size()));
        }
        body.append("</p>\n").append(article.html());
        if (!said.proof().isBlank()) {
            body.append("<p class=\"proof\">").append(Html.text(say("Prova: ", "Proof: ") + said.proof()))
                    .append("</p>\n");
        }
        if (versions.size() > 1) body.append(versions(one, version));
        body.append("</article>\n");
        return page(article.title() + " – " + facts.title(), postMortemName(one, version), body);
    }

    /// What was published once stays readable.
    private String versions(Incident one, int shown) {
        var out = new StringBuilder("<h2>%s</h2>\n<ul>".formatted(say("Versioni", "Versions")));
        List<Entry> versions = one.postMortems();
        for (int version = versions.size(); version >= 1; version--) {
            String when = moment(versions.get(version - 1).at());
            out.append("<li>").append(version).append(": ").append(version == shown ? when
                    : "<a href=\"%s\">%s</a>".formatted(postMortemName(one, version), when)).append("</li>");
        }
        return out.append("</ul>\n").toString();
    }

    /// Returns the name of the page: that of the newest version stays the same.
    static String postMortemName(Incident one, int version) {
        String older = version == one.postMortems().size() ? "" : "-" + version;
        return "incident-%d-post-mortem%s.html".formatted(one.id(), older);
    }

    private Optional<String> postMortemLink(Incident one) {
        int newest = one.postMortems().size();
        return newest == 0 ? Optional.empty() : Optional.of("<a href=\"%s\">%s</a>".formatted(
                postMortemName(one, newest), say("Che cosa abbiamo imparato", "What we learned")));
    }

    private String verdict() {
        Condition worst = facts.worst();
        String words = switch (worst) {
            case OPERATIONAL -> say("Tutto funziona", "Everything works");
            case DEGRADED -> say("Qualcosa funziona solo in parte", "Something works only in part");
            case PARTIAL -> say("Qualcosa non funziona", "Something does not work");
            case OUTAGE -> say("Il servizio è interrotto per molti", "The service is interrupted for many");
        };
        return "<h1 class=\"verdict %s\">%s</h1>\n".formatted(worst.name().toLowerCase(Locale.ROOT),
                Html.text(words));
    }

    private String incident(Incident one, String heading, boolean linked) {
        var out = new StringBuilder("<article>\n");
        String title = say(one.title());
        String name = linked ? "<a href=\"incident-%d.html\">%s</a>".formatted(one.id(), title) : title;
        out.append("<%s>%s</%s>\n".formatted(heading, name, heading));
        out.append("<p class=\"facts\">").append(state(one.state())).append(" · ")
                .append(severity(one.severity()))
                .append(" · ").append(say("dal ", "since ")).append(moment(one.opened()));
        if (one.resolved() != null) out.append(say(" al ", " until ")).append(moment(one.resolved()));
        out.append("</p>\n");
        postMortemLink(one).ifPresent(link -> out.append("<p>").append(link).append("</p>\n"));
        if (!one.over()) estimate(one).ifPresent(text -> out.append("<p class=\"estimate\">").append(text)
                .append("</p>\n"));
        one.cause().ifPresent(cause -> out.append("<p>").append(cause(cause)).append("</p>\n"));
        Words part = one.part().words();
        if (part != null) out.append("<p>").append(say(part)).append(".</p>\n");
        // How many use a program is known by a sample alone.
        boolean countable = one.part().doors().isEmpty() && one.part().apps().isEmpty();
        one.counted().filter(counted -> countable && counted.accounts() >= 0).ifPresent(counted ->
                out.append("<p>").append(Html.text(String.format(Locale.forLanguageTag(language), say(
                        "Riguarda %,d caselle; %,d hanno meno del solito.",
                        "Concerns %,d mailboxes; %,d have less than always."),
                        counted.accounts(), counted.reduced()))).append("</p>\n"));
        out.append("<ol class=\"notices\" reversed>\n");
        one.notices().stream().limit(NOTICES_MAX).forEach(entry -> out.append(notice(entry)));
        out.append("</ol>\n");
        if (!linked) out.append(estimates(one));
        out.append(questions(one.questions(facts.brand())));
        facts.line().contact(facts.brand()).ifPresent(contact -> out.append("<p>").append(Html.text(
                say("Al telefono: ", "By telephone: ") + contact.phone() + ", " + contact.hours()
                        .in(language)))
                .append("</p>\n"));
        return out.append("</article>\n").toString();
    }

    private Optional<String> estimate(Incident one) {
        return one.estimate().map(estimate -> Html.text(facts.line().estimate(estimate, one, language)));
    }

    /// What was expected when: said once, it stays said.
    private String estimates(Incident one) {
        List<Entry> said = one.estimates();
        if (said.size() < 2) return "";
        var out = new StringBuilder("<h2>%s</h2><ul>".formatted(say("Che cosa avevamo previsto",
                "What we expected, and when we said so")));
        for (Entry entry : said) {
            if (!(entry.what() instanceof Estimated estimate)) continue;
            String back = estimate.back() == null ? say("nessuna previsione", "nothing")
                    : moment(estimate.back());
            out.append("<li>").append(moment(entry.at())).append(": ").append(back).append("</li>");
        }
        return out.append("</ul>\n").toString();
    }

    private String cause(Entry.Caused cause) {
        String what = switch (cause.cause()) {
            case UNKNOWN -> say("La causa non è ancora nota.", "The cause is not known yet.");
            case INTERNAL -> say("La causa è interna.", "The cause is internal.");
            case ATTACK -> say("La causa è un attacco.", "The cause is an attack.");
        };
        String evidence = cause.evidence().isBlank() ? ""
                : " " + say("Lo mostra: ", "Shown by: ") + cause.evidence();
        return Html.text(what + evidence);
    }

    private String notice(Entry entry) {
        if (!(entry.what() instanceof Told told)) return "";
        String proof = told.proof().isBlank() ? ""
                : "<p class=\"proof\">" + Html.text(say("Prova: ", "Proof: ") + told.proof()) + "</p>";
        return "<li><p class=\"facts\">%s · <strong>%s</strong></p>%s%s</li>\n".formatted(
                moment(entry.at()), state(told.state()), Html.paragraphs(told.text().in(language)), proof);
    }

    private String questions(List<Answered> questions) {
        if (questions.isEmpty()) return "";
        var out = new StringBuilder("<h2>%s</h2><dl>".formatted(say("Domande e risposte",
                "Questions and answers")));
        for (Answered one : questions) {
            out.append("<dt>").append(say(one.question())).append("</dt><dd>")
                    .append(Html.paragraphs(one.answer().in(language))).append("</dd>");
        }
        return out.append("</dl>\n").toString();
    }

    private String components() {
        var out = new StringBuilder(
                "<h2>%s</h2>\n<ul class=\"components\">\n".formatted(say("Che cosa funziona", "What works")));
        for (Component one : Component.values()) {
            Condition condition = facts.condition(one);
            out.append("<li><span>%s</span> <span class=\"%s\">%s</span></li>\n".formatted(
                    say(one.title()), condition.name().toLowerCase(Locale.ROOT), say(condition.title())));
        }
        return out.append("</ul>\n").toString();
    }

    /// A bar for each of the last days: what was said of it, and for how long nobody could reach or read a mailbox, as measured. The list
    /// below says the incidents in words. Of a day before anything was measured nothing is claimed.
    private String bars() {
        ZoneId zone = facts.line().zone();
        LocalDate today = facts.at().atZone(zone).toLocalDate();
        var bars = new StringBuilder();
        int bad = 0;
        int known = 0;
        for (int back = DAYS - 1; back >= 0; back--) {
            LocalDate date = today.minusDays(back);
            Instant from = date.atStartOfDay(zone).toInstant();
            Instant until = date.plusDays(1).atStartOfDay(zone).toInstant();
            Optional<Severity> worst = facts.between(from, until);
            boolean measured = facts.uptime().measured(until);
            if (worst.isPresent()) bad++;
            if (worst.isPresent() || measured) known++;
            bars.append(bar(DAYS - 1 - back, date, worst, measured, facts.uptime().awayMillis(from, until)));
        }
        String summary = say("Giorni di cui sappiamo: %d; senza incidenti %d, con %d.",
                "Days that we know of: %d; without an incident %d, with one %d.")
                .formatted(known, known - bad, bad) + share(today.minusDays(DAYS - 1).atStartOfDay(zone)
                        .toInstant());
        return "<h2>%s</h2>\n<svg class=\"bars\" viewBox=\"0 0 %d 32\" role=\"img\" aria-label=\"%s\">%s</svg>\n<p class=\"facts\">%s</p>\n"
                .formatted(say("Giorno per giorno", "Day by day"), 8 * DAYS - 2, Html.text(summary), bars,
                        Html.text(summary));
    }

    private String bar(int place, LocalDate date, Optional<Severity> worst, boolean measured,
            long awayMillis) {
        String what = worst.map(this::severity).orElse(measured ? say("nessun incidente", "no incident")
                : say("non misurato", "not measured"));
        String away = awayMillis == 0 ? "" : "; " + say("caselle non raggiungibili: %s",
                "mailboxes out of reach: %s").formatted(time(awayMillis));
        boolean tall = worst.isPresent() || awayMillis > 0;
        String kind = worst.map(Severity::word).orElse(awayMillis > 0 ? "minor" : measured ? "well"
                : "unknown");
        return "<rect x=\"%d\" y=\"%d\" width=\"6\" height=\"%d\" class=\"%s\"><title>%s: %s</title></rect>".formatted(
                8 * place, tall ? 0 : 8, tall ? 32 : 24, kind, Html.text(day.format(date)), Html.text(what
                        + away));
    }

    private String share(Instant from) {
        OptionalLong share = facts.uptime().share(from, facts.at());
        Instant begins = facts.uptime().begins();
        if (share.isEmpty() || begins == null) return "";
        Instant since = begins.isBefore(from) ? from : begins;
        Locale locale = Locale.forLanguageTag(language);
        return " " + String.format(locale,
                say("Misurato dal %s: le caselle sono state raggiungibili per il %.2f %% del tempo.",
                "Measured since %s: mailboxes could be reached for %.2f %% of the time."),
                day.format(since.atZone(facts.line().zone())), share.getAsLong() / 100.0);
    }

    private static String time(long millis) {
        long minutes = Math.max(1, Math.round(millis / 60_000.0));
        return minutes < 60 ? minutes + " min" : "%d h %02d min".formatted(minutes / 60, minutes % 60);
    }

    private String earlier() {
        List<Incident> over = facts.incidents().stream().filter(Incident::over).limit(EARLIER_MAX).toList();
        var out = new StringBuilder("<h2>%s</h2>\n".formatted(say("In passato", "Earlier")));
        if (over.isEmpty()) return out.append("<p>%s</p>\n".formatted(say("Nessun incidente.",
                "No incidents."))).toString();
        out.append("<ul>\n");
        for (Incident one : over) {
            out.append("<li><a href=\"incident-%d.html\">%s</a> <span class=\"facts\">%s · %s – %s%s</span></li>\n".formatted(
                    one.id(), say(one.title()), severity(one.severity()), moment(one.opened()),
                    one.resolved() == null ? "" : moment(one.resolved()),
                    postMortemLink(one).map(link -> " · " + link).orElse("")));
        }
        return out.append("</ul>\n").toString();
    }

    private String state(State state) {
        return switch (state) {
            case INVESTIGATING -> say("Stiamo cercando la causa", "Investigating");
            case IDENTIFIED -> say("Causa trovata", "Identified");
            case RESTORING -> say("In ripristino", "Restoring");
            case MONITORING -> say("Sotto osservazione", "Monitoring");
            case RESOLVED -> say("Risolto", "Resolved");
        };
    }

    private String severity(Severity severity) {
        return switch (severity) {
            case MINOR -> say("lieve", "minor");
            case MAJOR -> say("grave", "major");
            case CRITICAL -> say("molto grave", "critical");
        };
    }

    private String moment(Instant at) {
        ZonedDateTime there = at.atZone(facts.line().zone());
        return "<time datetime=\"%s\">%s</time>".formatted(there.toOffsetDateTime(),
                Html.text(time.format(at)));
    }

    private String page(String title, String name, StringBuilder body) {
        String other = language.equals("it") ? "en" : "it";
        return """
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="../style.css">
                <link rel="alternate" type="application/atom+xml" href="feed.atom" title="%s">
                </head>
                <body>
                <header><a href="./">%s</a> <nav><a href="../%s/%s" lang="%s" hreflang="%s">%s</a></nav></header>
                <main>
                %s</main>
                <footer><p>%s %s · %s<a href="feed.atom">Atom</a> · <a href="../api/v2/summary.json">JSON</a></p></footer>
                </body>
                </html>
                """.formatted(language, Html.text(title), Html.text(facts.title()), Html.text(facts.title()), other, name, other,
                        other, other.equals("it") ? "Italiano" : "English", body,
                        say("Aggiornata", "As of"), moment(facts.at()), complaints());
    }

    private String complaints() {
        if (facts.complaints().isEmpty()) return "";
        return "<a href=\"%s\">%s</a> · ".formatted(Html.text(facts.complaints() + language + "/"),
                say("Reclami", "Complaints"));
    }

    /// Returns the style of all pages. The accent is on nothing that must be read: it may be any colour.
    static String style(String accent) {
        return """
                :root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1c1d1f; --quiet: #55585e; --line: #d9dade;
                  --good: #1d6b3a; --warn: #8a5200; --bad: #a3241f; --accent: %s; }
                @media (prefers-color-scheme: dark) { :root { --paper: #17181a; --ink: #ececee; --quiet: #a9acb3; --line: #393b40;
                  --good: #6fcf8f; --warn: #f0b35c; --bad: #ff8f87; } }
                * { box-sizing: border-box; }
                body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui,
                        sans-serif; }
                header, main, footer { max-width: 46rem; margin: 0 auto; padding: 12px 20px; }
                header { display: flex; justify-content: space-between; border-top: 6px solid var(--accent); }
                header a:first-child { font-weight: 600; }
                a { color: inherit; text-underline-offset: 2px; }
                a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
                h1 { font-size: 26px; line-height: 1.25; } h2 { font-size: 20px; line-height: 1.3; margin-top: 32px; }
                .verdict { font-size: 20px; font-weight: 600; padding: 16px; margin: 21px 0;
                  border: 1px solid var(--line); border-left: 6px solid;
                  border-radius: 8px; }
                .operational { color: var(--good); } .degraded,
                        .partial { color: var(--warn); } .outage { color: var(--bad); }
                .facts, .proof, footer { color: var(--quiet); font-size: 15px; }
                .estimate { font-weight: 600; }
                .notices { padding: 0; list-style: none; } .notices li { border-top: 1px solid var(
                        --line); padding: 8px 0; }
                .components { padding: 0; list-style: none; }
                .components li { display: flex; justify-content: space-between; border-top: 1px solid var(
                        --line); padding: 8px 0; }
                .bars { width: 100%%; height: 40px; }
                .bars .unknown { fill: var(--line); } .bars .well { fill: var(--good); } .bars .minor,
                        .bars .major { fill: var(--warn); } .bars .critical { fill: var(--bad); }
                label { display: block; font-weight: 600; }
                input, select, textarea { width: 100%%; max-width: 100%%; padding: 10px; font: inherit; color: inherit;
                  background: transparent; border: 1px solid var(--quiet); border-radius: 6px; }
                option { color: #1c1d1f; background: #fdfdfc; }
                button { padding: 10px 18px; font: inherit; font-weight: 600; color: var(
                        --paper); background: var(--ink);
                  border: 0; border-radius: 6px; }
                input:focus-visible, select:focus-visible, textarea:focus-visible, button:focus-visible {
                  outline: 2px solid currentColor; outline-offset: 2px; }
                .wrong { color: var(--bad); border-left: 6px solid; padding: 4px 12px; }
                dt { font-weight: 600; margin-top: 12px; } dd { margin: 0; }
                p, li, h1, h2, dd { overflow-wrap: anywhere; }
                """.formatted(accent);
    }
}
