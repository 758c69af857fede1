package casella.server.incident;

import casella.base.Html;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The page of an [AccessPackage] that its person reads: plain HTML without a script, in their language.
final class AccessIndex {
    private final Map<String, ObjectNode> parts;
    private final String number;
    private final String language;
    private final Instant now;
    private final DateTimeFormatter time;
    private final StringBuilder body = new StringBuilder();

    AccessIndex(Map<String, ObjectNode> parts, String number, String language, Instant now) {
        this.parts = parts;
        this.number = number;
        this.language = language;
        this.now = now;
        this.time = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                .withLocale(language.equals("it") ? Locale.ITALY : Locale.UK).withZone(ZoneOffset.UTC);
    }

    private String say(String italian, String english) {
        return language.equals("it") ? italian : english;
    }

    String html() {
        String title = say("I tuoi dati: reclamo ", "Your data: complaint ") + number;
        text("p", say("Questo è tutto quello che conserviamo di te attorno a questo reclamo (art. 15 GDPR), al %s (ora UTC). Gli stessi dati"
                + " sono nei file .json accanto a questa pagina.",
                "This is all that we keep of you around this complaint (GDPR Art. 15), as of %s (UTC). The same data is in the .json files"
                + " beside this page.").formatted(time.format(now)));
        text("p", say("I tuoi messaggi non sono qui: li esporti tu stesso con un programma di posta, oppure ce li chiedi e ti diamo un file"
                + " con tutta la casella. Di chi lavora da noi ci sono solo i nomi di chi"
                + " hai lasciato guardare nella casella.",
                "Your mails are not here: export them with a mail program, or ask us for a file with the whole mailbox. Of people who work"
                + " here it names only those whom you let look inside the mailbox."));
        conversation();
        if (parts.containsKey("account")) {
            account();
            availability();
            compensation();
            losses();
            settings();
            proof();
        }
        return """
                <!doctype html>
                <html lang="%s">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                body { max-width: 46rem; margin: 0 auto; padding: 16px 20px;
                  font: 16px/1.5 system-ui, sans-serif; }
                h1 { font-size: 26px; line-height: 1.25; } h2 { font-size: 20px; margin-top: 32px; }
                dt { font-weight: 600; margin-top: 8px; } dd { margin: 0; }
                p, dd, td, li { overflow-wrap: anywhere; }
                table { border-collapse: collapse; width: 100%%; }
                td { text-align: left; padding: 4px 8px 4px 0;
                  border-top: 1px solid #d9dade; vertical-align: top; }
                .said { border-left: 4px solid #d9dade; padding-left: 12px; white-space: pre-wrap; }
                </style></head>
                <body><main>
                <h1>%s</h1>
                %s</main></body>
                </html>
                """.formatted(language, Html.text(title), Html.text(title), body);
    }

    private void text(String element, String text) {
        body.append('<').append(element).append('>').append(Html.text(text)).append("</").append(element)
                .append(">\n");
    }

    private void said(String text) {
        body.append("<p class=\"said\">").append(Html.text(text)).append("</p>\n");
    }

    private void pair(String name, String value) {
        if (value.isEmpty()) return;
        body.append("<dt>").append(Html.text(name)).append("</dt><dd>").append(Html.text(value))
                .append("</dd>\n");
    }

    private static String of(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isNull() || value.isMissingNode() ? "" : value.asString("");
    }

    private String at(JsonNode node, String name) {
        String text = of(node, name);
        return text.isEmpty() ? "" : time.format(Instant.parse(text));
    }

    private JsonNode part(String name) {
        ObjectNode part = parts.get(name);
        return part == null ? tools.jackson.databind.node.MissingNode.getInstance() : part;
    }

    /// Says that a part could not be had; returns whether that is so.
    private boolean missing(JsonNode part) {
        if (!part.has("notNow")) return false;
        text("p", say("Adesso non possiamo leggerlo: chiedici di nuovo questo pacchetto più tardi.",
                "We cannot read this now: ask us for this package again later."));
        return true;
    }

    private void conversation() {
        JsonNode one = part("case");
        text("h2", say("Il reclamo", "The complaint"));
        body.append("<dl>\n");
        pair(say("Ricevuto", "Received"), at(one, "received"));
        pair(say("Da rispondere entro", "To be answered by"), at(one, "deadline"));
        pair(say("Nome", "Name"), of(one, "name"));
        pair(say("Dove risponderti", "Where to answer"), of(one, "contact"));
        pair(say("Associazione", "Association"), of(one, "association"));
        pair(say("Mandato", "Mandate"), of(one, "mandate"));
        pair(say("Protocollo", "Registered as"), of(one, "protocol"));
        body.append("</dl>\n");
        said((of(one, "subject") + "\n\n" + of(one, "text")).strip());
        for (JsonNode step : one.path("steps")) {
            boolean you = of(step, "from").equals("you");
            String what = switch (of(step, "what")) {
                case "acknowledged" -> say("Ti abbiamo detto che è arrivato.", "We told you that it came.");
                case "heard" -> "";
                case "filed" -> of(step, "file") + ", " + of(step, "bytes") + " byte";
                case "sorted" -> say("L’abbiamo ordinato: ", "We sorted it: ") + of(step, "category");
                case "decided" -> say("Deciso: ", "Decided: ") + of(step, "outcome");
                default -> "";
            };
            text("p", at(step, "at") + " · " + (you ? say("tu", "you") : say("noi", "we")) + (what.isEmpty()
                    ? "" : ": " + what));
            if (!of(step, "text").isEmpty()) said(of(step, "text"));
        }
    }

    private void account() {
        JsonNode one = part("account");
        text("h2", say("La tua casella", "Your mailbox"));
        body.append("<dl>\n");
        pair(say("Indirizzo", "Address"), of(one, "address"));
        var others = new StringBuilder();
        one.path("addresses").forEach(address -> others.append(others.isEmpty() ? "" : ", ")
                .append(address.asString("")));
        pair(say("Indirizzi da cui scrivi", "Addresses you write from"), others.toString());
        pair(say("Nome che mostra", "Name it shows"), of(one, "name"));
        pair(say("Numero interno", "Our number for it"), of(one, "id"));
        pair(say("Marchio e piano", "Brand and plan"), of(one, "brand") + ", " + of(one, "plan"));
        pair(say("Creata", "Made"), at(one, "created"));
        pair(say("Pagata fino al", "Paid until"), at(one, "paidUntil"));
        pair(say("Lingua", "Language"), of(one, "language"));
        var cases = new StringBuilder();
        one.path("otherCases").forEach(other -> cases.append(cases.isEmpty() ? "" : ", ").append(of(other,
                "number")));
        pair(say("Altri reclami su questa casella", "Other complaints about this mailbox"), cases.toString());
        body.append("</dl>\n");
    }

    private void availability() {
        JsonNode one = part("availability");
        text("h2", say("Quando qualcosa non ha funzionato", "When something did not work"));
        if (missing(one)) return;
        text("p", say("Misurato dal ", "Measured since ") + at(one, "from") + say(" al ", " until ") + at(one,
                "to") + ".");
        body.append("<table>\n");
        for (JsonNode row : one.path("capabilities")) {
            row(capability(of(row, "capability")), time(row.path("awayMillis").asLong()));
        }
        body.append("</table>\n");
        text("p", say("Ogni singolo intervallo è in availability.json.",
                "Each interval is in availability.json."));
    }

    private String capability(String word) {
        return switch (word) {
            case "log-in" -> say("Accesso", "Logging in");
            case "read" -> say("Lettura", "Reading");
            case "receive" -> say("Ricezione", "Receiving");
            case "send" -> say("Invio", "Sending");
            default -> say("Avvisi di nuova posta", "News of new mail");
        };
    }

    private String time(long millis) {
        if (millis == 0) return say("ha sempre funzionato", "always worked");
        long minutes = Math.max(1, Math.round(millis / 60_000.0));
        return "%d h %02d min".formatted(minutes / 60, minutes % 60);
    }

    private void row(String... cells) {
        body.append("<tr>");
        for (String cell : cells) body.append("<td>").append(Html.text(cell)).append("</td>");
        body.append("</tr>\n");
    }

    private void compensation() {
        JsonNode one = part("compensation");
        text("h2", say("Ristoro", "Compensation"));
        if (missing(one)) return;
        if (one.path("given").isEmpty()) text("p", say("Nessuno.", "None."));
        body.append("<table>\n");
        for (JsonNode row : one.path("given")) {
            row(at(row, "at"), say("incidente ", "incident ") + of(row, "incident"),
                    "%,d byte".formatted(row.path("quotaBytes").asLong()),
                    of(row, "months") + say(" mesi", " months"),
                    of(row, "ended").isEmpty() ? "" : say("ripreso il ", "taken back ") + at(row, "ended"));
        }
        body.append("</table>\n");
    }

    private void losses() {
        JsonNode one = part("losses");
        text("h2", say("La tua posta, e chi ha provato a scriverti",
                "Your mail, and who tried to write to you"));
        if (missing(one)) return;
        text("p", say("Accettati %s messaggi: archiviati %s, cancellati poi %s, in attesa %s, persi %s.",
                "Accepted %s mails: filed %s, deleted since %s, waiting %s, lost %s.").formatted(of(one,
                        "accepted"),
                of(one, "filed"), of(one, "deleted"), of(one, "pending"), of(one, "lost")));
        if (one.path("senders").isEmpty()) {
            text("p", say("Negli ultimi 90 giorni non abbiamo rifiutato messaggi per te.",
                    "In the last 90 days we turned away no mail for you."));
            return;
        }
        body.append("<table>\n");
        for (JsonNode row : one.path("senders")) {
            row(at(row, "last"), of(row, "sender").isEmpty() ? "<>" : of(row, "sender"), of(row, "code") + " "
                    + of(row, "reason"),
                    of(row, "later").isEmpty() ? say("poi non è arrivato nulla", "nothing came later")
                            : say("arrivato il ", "came ") + at(row, "later"));
        }
        body.append("</table>\n");
    }

    private void settings() {
        JsonNode one = part("settings");
        text("h2", say("Impostazioni, programmi, e chi hai lasciato guardare",
                "Settings, programs, and whom you let look"));
        if (missing(one)) return;
        body.append("<dl>\n");
        pair(say("Secondo indirizzo", "Second address"), of(one, "secondAddress"));
        body.append("</dl>\n<table>\n");
        for (JsonNode row : one.path("programs")) {
            row(of(row, "door").toUpperCase(Locale.ROOT), of(row, "app"), say("usato nella settimana dal ",
                    "used in the week from ") + of(row, "day"));
        }
        for (JsonNode row : one.path("helps")) {
            if (of(row, "who").isEmpty()) continue;
            row(at(row, "began"), of(row, "who"), say("ha guardato ", "looked ") + row.path("looks").size()
                    + say(" volte", " times"));
        }
        body.append("</table>\n");
    }

    private void proof() {
        JsonNode one = part("proof");
        text("h2", say("Prova", "Proof"));
        if (missing(one)) return;
        JsonNode payload = one.path("payload");
        int problems = payload.path("problems").size();
        if (problems > 0) {
            text("p", say("Il %s abbiamo voluto leggere tutti i messaggi della casella in ogni archivio, e %d cose non erano a posto: stanno nel"
                    + " documento firmato, proof.json.",
                            "On %s we wanted to read all mails of the mailbox in each store, and %d things were"
                    + " not right: they are in the signed document, proof.json.").formatted(at(payload,
                            "ended"), problems));
            return;
        }
        text("p", say("Il %s abbiamo letto tutti i %s messaggi della casella in ogni archivio, e sono a posto. Il documento firmato è in"
                + " proof.json.",
                        "On %s we read all %s mails of the mailbox in each store, and they are right. The signed document is in"
                + " proof.json.").formatted(at(payload, "ended"), of(payload, "emails")));
    }
}
