package casella.incident;

import casella.base.Notices.Listener;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.Cohorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which owners of its brands an incident concerns, where these are not all: those of some cohorts, those who come by some doors, those
/// who use some programs. A list that is empty narrows nothing; what is named in several has to be true of each.
///
/// @param cohorts their words, as [Cohort#word]
/// @param doors `imap`, `pop3`, `smtp` or `web`
/// @param apps the names by which client programs call themselves, or parts of them, in any case
public record Part(List<String> cohorts, List<String> doors, List<String> apps) {
    /// All of them.
    public static final Part ALL = new Part(List.of(), List.of(), List.of());
    static final Set<String> DOORS = Set.of("imap", "pop3", "smtp", Listener.WEB);

    private static final int APPS_MAX = 20;
    private static final int APP_CHARACTERS_MAX = 40;

    /// @throws IllegalArgumentException naming what is none
    public Part {
        cohorts = List.copyOf(cohorts);
        doors = List.copyOf(doors);
        apps = apps.stream().map(String::strip).toList();
        for (String word : cohorts) {
            if (Cohort.of(word).isEmpty()) {
                throw new IllegalArgumentException("cohort: '" + word
                        + "' is none: staff, volunteers, slice-00 to slice-99");
            }
        }
        for (String door : doors) {
            if (!DOORS.contains(door)) throw new IllegalArgumentException("door: must be imap, pop3, smtp or web");
        }
        if (apps.size() > APPS_MAX) throw new IllegalArgumentException("app: must be at most " + APPS_MAX);
        for (String app : apps) {
            if (app.isEmpty() || app.length() > APP_CHARACTERS_MAX || app.chars()
                    .anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("app: must be 1 to " + APP_CHARACTERS_MAX + " characters");
            }
        }
    }

    /// Says whether somebody is to be told. Who has not said who he is may be one of them; and on a page everything is told, since
    /// who cannot read mail with his program looks there.
    boolean concerns(Listener listener, Cohorts of) {
        if (listener.account() != null && !cohorts.isEmpty()
                && !cohorts.contains(of.of(listener.account()).word())) return false;
        if (listener.door().equals(Listener.WEB)) return true;
        if (!doors.isEmpty() && !doors.contains(listener.door())) return false;
        return apps.isEmpty() || apps.stream().anyMatch(app -> named(listener.app(), app));
    }

    private static boolean named(String full, String part) {
        for (int i = 0; i + part.length() <= full.length(); i++) {
            if (full.regionMatches(true, i, part, 0, part.length())) return true;
        }
        return false;
    }

    /// Returns whom it concerns, in words for owners, that begin a sentence; null for all.
    public @Nullable Words words() {
        var italian = new ArrayList<String>();
        var english = new ArrayList<String>();
        if (!cohorts.isEmpty()) {
            italian.add("una parte delle caselle");
            english.add("some of the mailboxes");
        }
        for (String door : doors) {
            switch (door) {
                case "imap", "pop3" -> {
                    italian.add("chi legge la posta con " + door.toUpperCase(Locale.ROOT));
                    english.add("who reads mail by " + door.toUpperCase(Locale.ROOT));
                }
                case "smtp" -> {
                    italian.add("chi spedisce con un programma di posta");
                    english.add("who sends with a mail program");
                }
                default -> {
                    italian.add("chi usa la webmail");
                    english.add("who uses the webmail");
                }
            }
        }
        if (!apps.isEmpty()) {
            italian.add("chi usa " + String.join(", ", apps));
            english.add("who uses " + String.join(", ", apps));
        }
        if (italian.isEmpty()) return null;
        return new Words("Riguarda " + String.join("; ", italian), "This concerns " + String.join("; ",
                english));
    }
}
