package casella.jmap;

import casella.base.Html;
import casella.directory.Authenticator.Verdict;
import java.time.Duration;

/// The form with which an owner logs in, as HTML that needs no script; and what its answers say.
///
/// @param token that this form carries back: [PlainDoor]
record LogInPage(PlainPage frame, String token) {
    static final String PATH = "/login/%s/";

    /// Returns the page.
    ///
    /// @param login as it was filled in
    /// @param greeting what is good to know; empty for nothing
    /// @param complaint what is wrong; empty for nothing
    byte[] whole(String login, String greeting, String complaint) {
        return frame.whole(title(), PATH, form(login, greeting, complaint));
    }

    /// Returns what is within the body of the webmail's first page until its script is there.
    String within() {
        return frame.body(PATH, form("", "", ""));
    }

    private String title() {
        return frame.say("Entra nella tua casella", "Log in to your mailbox");
    }

    private String form(String login, String greeting, String complaint) {
        boolean again = !login.isEmpty();
        return """
                <h1>%s</h1>
                %s%s<form method="post" action="/login/%s/" accept-charset="utf-8" novalidate>
                <input type="hidden" name="token" value="%s">
                <label for="login">%s</label>
                <input id="login" name="login" type="email" maxlength="320" autocomplete="username" autocapitalize="none"
                 spellcheck="false" required value="%s"%s>
                <label for="password">%s</label>
                <input id="password" name="password" type="password" maxlength="1024" autocomplete="current-password"
                 required%s%s>
                %s<button type="submit">%s</button>
                </form>
                """.formatted(title(), frame.told(),
                greeting.isEmpty() ? "" : "<p class=\"greeting\" role=\"status\">" + Html.text(greeting) + "</p>\n",
                frame.language().tag(), Html.text(token), frame.say("Indirizzo e-mail", "Email address"),
                Html.text(login), again ? "" : " autofocus", "Password", again ? " autofocus" : "",
                complaint.isEmpty() ? "" : " aria-describedby=\"complaint\"",
                complaint.isEmpty() ? ""
                        : "<p id=\"complaint\" class=\"complaint\" role=\"alert\">" + Html.text(complaint) + "</p>\n",
                frame.say("Entra", "Log in"));
    }

    String left() {
        return frame.say("Sei uscito.", "You are logged out.");
    }

    String missing() {
        return frame.say("Scrivi il tuo indirizzo e la password.", "Write your address and your password.");
    }

    String refused() {
        return frame.say("Indirizzo e password non corrispondono. Controllali e riprova.",
                "Address and password do not match. Check both and try again.");
    }

    String stale() {
        return frame.say("Questa pagina era aperta da troppo tempo, o il browser non tiene i cookie. Riprova.",
                "This page had been open for too long, or your browser keeps no cookies. Try again.");
    }

    String tooMany(Duration after) {
        return frame.say("Troppi tentativi. Riprova fra ", "Too many attempts. Try again in ") + minutes(after) + ".";
    }

    String away() {
        return frame.say("Il servizio di posta ora non può rispondere. Non si è perso nulla: riprova fra poco.",
                "The mail service can’t answer right now. Nothing is lost: try again in a moment.");
    }

    String clear() {
        return frame.say("Da qui la password viaggerebbe in chiaro: apri la pagina con https.",
                "From here your password would travel unprotected: open this page with https.");
    }

    String notYet(Verdict.NotYet told) {
        String place = told.place() == 0 ? "" : frame.say(" Il tuo posto in fila è il %s,", " Your place in the line is %s,")
                .formatted(frame.language().number(told.place()));
        return frame.say("Facciamo entrare tutti un po’ alla volta.%s tocca a te fra circa %s. Riprova fra %s; la tua posta è al sicuro.",
                "We let everyone in a few at a time.%s your turn is in about %s. Try again in %s; your mail is safe.")
                .formatted(place, minutes(told.estimate()), minutes(told.retry()));
    }

    private String minutes(Duration time) {
        long whole = Math.max(1, Math.ceilDiv(time.toSeconds(), 60));
        return frame.language().count(whole, frame.say("minuto", "minute"), frame.say("minuti", "minutes"));
    }
}
