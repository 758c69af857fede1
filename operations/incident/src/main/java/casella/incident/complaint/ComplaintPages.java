package casella.incident.complaint;

import casella.base.Html;
import casella.incident.FormPage;
import casella.incident.Line;
import casella.incident.complaint.Complaint.Category;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Map;

/// The form in which anybody complains, and what it answers: plain HTML that needs no script. The answer is the same whether or not the
/// mailbox that was named exists.
///
/// @param brand its name, and `title` as people read it
/// @param language `it` or `en`
public record ComplaintPages(String brand, String title, String language, Line line) {
    /// What was filled in.
    ///
    /// @param mailbox the address it is about, as they wrote it
    /// @param category a word of [Category]
    public record Form(String mailbox, String name, String contact, String category, String text) {
        public static final Form EMPTY = new Form("", "", "", "availability", "");

        public static Form of(Map<String, String> fields) {
            return new Form(field(fields, "mailbox"), field(fields, "name"), field(fields, "contact"),
                    field(fields, "category"), field(fields, "text"));
        }

        private static String field(Map<String, String> fields, String name) {
            return fields.getOrDefault(name, "").strip();
        }

        /// Returns who complains.
        ///
        /// @throws IllegalArgumentException if a field is too long or has control characters
        public Complaint.Person person() {
            return new Complaint.Person(name, contact);
        }
    }

    private String say(String italian, String english) {
        return page().say(italian, english);
    }

    /// Returns the form, with what was filled in and what is wrong with it.
    ///
    /// @param wrong empty for nothing
    public String form(Form form, String wrong) {
        var body = new StringBuilder();
        body.append("<h1>").append(say("Reclami", "Complaints")).append("</h1>\n");
        if (!wrong.isEmpty()) body.append("<p class=\"wrong\" role=\"alert\">").append(Html.text(wrong))
                .append("</p>\n");
        body.append("<p>").append(say(
                "Scrivici che cosa non ha funzionato. Ricevi subito un numero, e una risposta entro il termine che ti diciamo.",
                "Tell us what was not right. You get a number at once, and an answer by the day that we name.")).append("</p>\n");
        body.append("<form method=\"post\" accept-charset=\"utf-8\">\n");
        page().input(body, "mailbox", say("La casella di cui si tratta", "The mailbox it is about"),
                form.mailbox(), "email", 254, true);
        page().input(body, "name", say("Nome e cognome", "Your name"), form.name(), "name", 200, true);
        page().input(body, "contact", say("Dove possiamo risponderti, se non leggi quella casella",
                "Where we can answer, if you cannot read that mailbox"), form.contact(), "off", 300, false);
        body.append("<p><label for=\"category\">").append(say("Di che cosa si tratta", "What it is about"))
                .append("</label>\n<select id=\"category\" name=\"category\">");
        for (Category one : Category.values()) {
            body.append("<option value=\"").append(one.word()).append('"')
                    .append(one.word().equals(form.category()) ? " selected" : "").append('>')
                            .append(of(one)).append("</option>");
        }
        body.append("</select></p>\n<p><label for=\"text\">")
                .append(say("Che cosa è successo", "What happened"))
                .append("</label>\n<textarea id=\"text\" name=\"text\" rows=\"8\" maxlength=\"")
                .append(Complaint.Received.TEXT_MAX).append("\" required>").append(Html.text(form.text()))
                .append("</textarea></p>\n<p class=\"facts\">").append(say(
                        "Non chiediamo mai la password: non scriverla qui né altrove.",
                        "We never ask for your password: write it neither here nor anywhere else."))
                .append("</p>\n<p><button>").append(say("Invia il reclamo", "Send the complaint"))
                        .append("</button></p>\n</form>\n");
        return page().whole(say("Reclami", "Complaints"), body.append(page().call()).toString());
    }

    /// Returns what one who complained reads: the number, and until when we answer.
    public String taken(Complaint complaint) {
        var body = new StringBuilder("<h1>").append(say("Reclamo ricevuto", "Complaint received"))
                .append("</h1>\n");
        body.append("<p>").append(say("Il tuo numero è", "Your number is")).append(" <strong>")
                .append(complaint.number())
                .append("</strong>. ").append(say("Ti rispondiamo entro il", "We answer by"))
                        .append(" <strong>")
                .append(Html.text(day(complaint.deadline()))).append("</strong>.</p>\n<p>").append(say(
                        "La risposta arriva nella casella che hai indicato, o dove ci hai detto di risponderti. Non ti chiederemo di"
                                + " cliccare su nulla, né la password.",
                        "The answer comes to the mailbox you named, or where you told us to answer. We will not ask you to click on"
                                + " anything, nor for your password."))
                .append("</p>\n");
        return page().whole(say("Reclamo ricevuto", "Complaint received"), body.append(page().call())
                .toString());
    }

    /// Returns what is read while too many write at once.
    public String busy() {
        String body = "<h1>%s</h1>\n<p>%s</p>\n".formatted(say("Troppi invii in questo momento",
                "Too many at this moment"), say(
                "Riprova fra qualche minuto, o chiamaci.", "Please try again in some minutes, or call us."));
        return page().whole(say("Reclami", "Complaints"), body + page().call());
    }

    private String of(Category category) {
        return switch (category) {
            case AVAILABILITY -> say("La casella non funzionava", "The mailbox did not work");
            case LOST_MAIL -> say("Manca un messaggio", "A message is missing");
            case COMPENSATION -> say("Ristoro", "Compensation");
            case PRIVACY -> say("Dati personali", "Personal data");
            case CONTRACT -> say("Contratto o pagamento", "Contract or payment");
            case OTHER -> say("Altro", "Something else");
        };
    }

    /// Returns a day as people read it: `7 gennaio 2027`.
    public String day(Instant at) {
        ZoneId zone = line.zone();
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(Locale.forLanguageTag(language))
                .format(at.atZone(zone));
    }

    private FormPage page() {
        return new FormPage(brand, title, language, line, "/complaints/");
    }
}
