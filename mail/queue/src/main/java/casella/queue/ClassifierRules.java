package casella.queue;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What operators add to the [Classifier]'s own rules.
///
/// @param urgentSenders addresses (`otp@bank.example`) or domains (`bank.example`, with all below it) whose mail is urgent
///                      whatever it says, if it is made as such mail is
/// @param neverUrgent   addresses or domains whose mail is not
/// @param subjects      what makes a subject urgent, beside what is known
public record ClassifierRules(List<String> urgentSenders, List<String> neverUrgent, List<Pattern> subjects) {
    public static final ClassifierRules NONE = new ClassifierRules(List.of(), List.of(), List.of());

    public ClassifierRules {
        urgentSenders = lower(urgentSenders);
        neverUrgent = lower(neverUrgent);
        subjects = List.copyOf(subjects);
    }

    private static List<String> lower(List<String> senders) {
        return senders.stream().map(sender -> sender.toLowerCase(Locale.ROOT)).toList();
    }

    /// Says whether `address` is in `senders`.
    static boolean has(List<String> senders, String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        String domain = lower.substring(lower.lastIndexOf('@') + 1);
        for (String sender : senders) {
            if (sender.indexOf('@') >= 0 ? sender.equals(lower)
                    : domain.equals(sender) || domain.endsWith("." + sender)) {
                return true;
            }
        }
        return false;
    }
}
