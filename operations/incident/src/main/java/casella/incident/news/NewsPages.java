package casella.incident.news;

import casella.incident.FormPage;
import casella.incident.Line;

/// The page on which owners ask for news at their second address, and what it answers: the same whether or not there is such a mailbox or
/// address.
///
/// @param page what it has in common with other forms
public record NewsPages(FormPage page) {
    /// Its folder.
    public static final String PATH = "/news/";

    private static final int ADDRESS_CHARS = 254;

    /// @param brand its name, and `title` as people read it
    /// @param language `it` or `en`
    public static NewsPages of(String brand, String title, String language, Line line) {
        return new NewsPages(new FormPage(brand, title, language, line, PATH));
    }

    private String say(String italian, String english) {
        return page.say(italian, english);
    }

    private String title() {
        return say("Notizie della tua casella", "News of your mailbox");
    }

    /// Returns the form, empty.
    public String form() {
        var body = new StringBuilder("<h1>").append(title()).append("</h1>\n<p>").append(say(
                "Non riesci ad aprire la tua casella? Se nelle impostazioni hai lasciato un secondo indirizzo, ti scriviamo l\u00ec come sta"
                        + " la casella e che cosa succede.",
                "You cannot open your mailbox? If you left a second address in its settings, we write there how the mailbox is and"
                        + " what is going on."))
                                .append("</p>\n<form method=\"post\" accept-charset=\"utf-8\">\n");
        page.input(body, "mailbox", say("La tua casella", "Your mailbox"), "", "username", ADDRESS_CHARS,
                true);
        page.input(body, "address", say("Il tuo secondo indirizzo", "Your second address"), "", "off",
                ADDRESS_CHARS, true);
        body.append("<p class=\"facts\">").append(say("Non chiediamo mai la password.",
                "We never ask for your password."))
                .append("</p>\n<p><button>").append(say("Chiedi notizie", "Ask for news"))
                        .append("</button></p>\n</form>\n");
        return page.whole(title(), body.append(page.call()).toString());
    }

    /// Returns what one who asked reads, whoever it is.
    public String asked() {
        String body = "<h1>%s</h1>\n<p>%s</p>\n<p>%s</p>\n".formatted(say("Richiesta ricevuta",
                "We have your request"), say(
                "Se la casella esiste e questo \u00e8 il suo secondo indirizzo, fra poco trovi l\u00ec le notizie. A uno stesso indirizzo"
                        + " scriviamo al massimo ogni mezz'ora.",
                "If there is such a mailbox and this is its second address, you will find news there in a moment. We write to one"
                        + " address every half hour at most."),
                say("Nel messaggio non ci sono collegamenti, e non ti chiediamo mai la password.",
                        "There are no links in the message, and we never ask for your password."));
        return page.whole(title(), body + page.call());
    }

    /// Returns what is read where no news go out.
    public String none() {
        String body = "<h1>%s</h1>\n<p>%s</p>\n".formatted(title(), say(
                "Qui non mandiamo notizie per e-mail. Guarda lo stato del servizio, o chiamaci.",
                "No news go out by e-mail from here. Look at the status of the service, or call us."));
        return page.whole(title(), body + page.call());
    }

    /// Returns what is read while too many ask at once.
    public String busy() {
        String body = "<h1>%s</h1>\n<p>%s</p>\n".formatted(say("Troppe richieste in questo momento",
                "Too many at this moment"),
                say("Riprova fra qualche minuto, o chiamaci.",
                        "Please try again in some minutes, or call us."));
        return page.whole(title(), body + page.call());
    }
}
