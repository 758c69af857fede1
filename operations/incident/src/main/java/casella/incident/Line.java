package casella.incident;

import casella.incident.Entry.Estimated;
import casella.incident.Entry.Told;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is told in one line: in an alert of a mail client, behind a refusal, in 280 characters of a message elsewhere.
///
/// @param zone in which times are said
/// @param contacts of each brand; under the empty name that of all others
public record Line(ZoneId zone, Map<String, Contact> contacts) {
    /// The longest line: what a social network takes.
    public static final int CHARACTERS_MAX = 280;

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY_IT = DateTimeFormatter.ofPattern("d MMMM 'alle' HH:mm",
            Locale.ITALIAN);
    private static final DateTimeFormatter DAY_EN = DateTimeFormatter.ofPattern("d MMMM 'at' HH:mm",
            Locale.ENGLISH);

    /// Whom to call, and when.
    ///
    /// @param phone as it is dialled
    /// @param hours when somebody answers
    public record Contact(String phone, Words hours) {
        String in(String language) {
            return phone + " (" + hours.in(language) + ")";
        }
    }

    public Line {
        contacts = Map.copyOf(contacts);
    }

    /// Returns whom the owners of a brand may call.
    public Optional<Contact> contact(String brand) {
        return Optional.ofNullable(contacts.getOrDefault(brand, contacts.get("")));
    }

    /// Returns the line of an incident: what is the matter, when it is expected to be over, whom to call. What does not fit is left
    /// out from the middle: the estimate and the number stay.
    public String of(Incident incident, String brand, String language) {
        StringBuilder end = new StringBuilder();
        if (!incident.over()) {
            incident.estimate().ifPresent(one -> end.append(' ').append(estimate(one, incident, language)));
        }
        contact(brand).ifPresent(one -> end.append(' ').append("it".equals(language) ? "Informazioni: "
                : "Information: ")
                .append(one.in(language)).append('.'));
        String text = incident.told().map(entry -> ((Told) entry.what()).text()).orElse(incident.title())
                .in(language);
        Words part = incident.part().words();
        String whom = part == null ? "" : part.in(language) + ". ";
        String begin = incident.title().in(language) + ". " + whom + text;
        if (incident.told().isEmpty()) begin = text + ". " + whom;
        return shortened(one(begin), CHARACTERS_MAX - end.length()) + end;
    }

    /// Says when it is expected to be over, and how sure that is.
    public String estimate(Estimated one, Incident incident, String language) {
        if (one.back() == null) return "";
        boolean italian = "it".equals(language);
        ZonedDateTime back = one.back().atZone(zone);
        boolean today = back.toLocalDate()
                .equals(incident.entries().getLast().at().atZone(zone).toLocalDate());
        String when = today ? (italian ? "le " : "") + HOUR.format(back)
                : (italian ? "il " : "") + (italian ? DAY_IT : DAY_EN).format(back);
        return switch (one.confidence()) {
            case HIGH -> italian ? "Prevediamo che sia risolto verso " + when + "."
                    : "We expect it to be over at about " + when + ".";
            case MEDIUM -> italian ? "Stimiamo che sia risolto verso " + when + "; potrà cambiare."
                    : "We estimate that it will be over at about " + when + "; that may change.";
            case LOW -> italian ? "Una prima stima, ancora incerta: verso " + when + "."
                    : "A first estimate, still uncertain: at about " + when + ".";
        };
    }

    private static String one(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([.!?])\\.", "$1").strip();
    }

    private static String shortened(String text, int most) {
        if (text.length() <= most) return text;
        int cut = text.lastIndexOf(' ', most - 2);
        return text.substring(0, cut > most / 2 ? cut : most - 2) + " …";
    }
}
