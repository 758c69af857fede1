package casella.server.config;

import casella.queue.ClassifierRules;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The `queue` section: mail that waits for accounts that cannot be written now.
///
/// @param recipientsMax recipients that wait, in all
/// @param bytesMax bytes of messages that wait, in all; a tenth of it for one account
/// @param classifier what is urgent, beside what is known
public record QueueConfig(int recipientsMax, long bytesMax, ClassifierRules classifier) {
    static final String ABOUT = "The local queue: mail that waits for accounts that cannot be written now.";

    static QueueConfig read(Section in) {
        int recipients = Section.between(in.number("recipients-max"), 1_000, 100_000_000)
                .means("Recipients that wait, in all; what does not fit gets 452.")
                .orElse(1_000_000);
        long bytes = Section.between(in.size("bytes-max"), 64L << 20, 1L << 50)
                .means("Bytes of messages that wait, in all, and a tenth of it for one account; what does not fit gets 452.")
                .orElse(20L << 30);
        List<String> urgent = in.texts("urgent-senders")
                .means("Addresses or domains whose mail is urgent whatever it says, if it is short, for one recipient and proven.")
                .orElse(List.of());
        List<String> never = in.texts("never-urgent-senders")
                .means("Addresses or domains whose mail is never urgent.")
                .orElse(List.of());
        return new QueueConfig(recipients, bytes, new ClassifierRules(urgent, never, subjects(in)));
    }

    private static List<Pattern> subjects(Section in) {
        var patterns = new ArrayList<Pattern>();
        for (String text : in.texts("urgent-subjects")
                .means("Regular expressions, found anywhere in a subject, without case, that make it urgent beside what is known.")
                .orElse(List.of())) {
            try {
                patterns.add(Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
            } catch (PatternSyntaxException e) {
                in.problem("urgent-subjects", "must be regular expressions, not `" + text + "`");
            }
        }
        return patterns;
    }
}
