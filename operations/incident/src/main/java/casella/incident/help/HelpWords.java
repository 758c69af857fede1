package casella.incident.help;

import casella.base.HelpDesk.Help;
import casella.base.HelpDesk.Scope;
import casella.incident.voice.Language;
import casella.incident.voice.Words;
import java.util.List;

/// What an owner is told when somebody uses the code that they made.
///
/// @param person who helps
public record HelpWords(Help help, String person) {
    public Words in(Language language) {
        return switch (language) {
            case ITALIAN -> new Words("Qualcuno ti sta aiutando nella tua casella", List.of(
                    "%s dell’assistenza ha usato il codice che hai creato, e per 30 minuti può vedere %s."
                            .formatted(Words.said(person), italian(help.scope())),
                    "Non può cambiare nulla, e ogni sguardo è annotato: nella webmail, sotto «La tua casella», vedi quali sono stati,"
                            + " anche dopo, e puoi interrompere in ogni momento.",
                    "Se non sei stato tu a dare il codice, interrompi subito e cambia la password."));
            case ENGLISH -> new Words("Somebody is helping you in your mailbox", List.of(
                    "%s of the help desk has used the code that you made, and can see %s for 30 minutes."
                            .formatted(Words.said(person), english(help.scope())),
                    "They can change nothing, and every look is written down: in the webmail, under \"Your mailbox\", you see which there"
                            + " were, afterwards too, and can end it at any moment.",
                    "If it was not you who told the code, end it at once and change your password."));
        };
    }

    private static String italian(Scope scope) {
        return switch (scope) {
            case FOLDERS -> "i nomi delle cartelle e quanti messaggi contengono";
            case MESSAGES -> "le cartelle e l’elenco dei messaggi con mittente, oggetto, data e dimensione";
            case CONTENTS -> "le cartelle, l’elenco dei messaggi e il testo di quelli che apre, senza allegati";
        };
    }

    private static String english(Scope scope) {
        return switch (scope) {
            case FOLDERS -> "the names of your folders and how many emails are in them";
            case MESSAGES -> "your folders and the list of your emails, with sender, subject, date and size";
            case CONTENTS -> "your folders, the list of your emails, and the text of those they open, without attachments";
        };
    }
}
