package casella.server.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// On the register of breaches, and reports to authorities.
public sealed interface BreachOrder extends Order.Elsewhere {
    record BreachList() implements BreachOrder {}

    record BreachShow(long breach) implements BreachOrder {}

    /// @param incident the incident it comes from; null for none
    /// @param aware when somebody became aware, `2027-01-31T09:30:00+01:00`; null for now
    /// @param awareBy who
    record BreachOpen(@Nullable Long incident, String title, @Nullable String aware, String awareBy)
            implements BreachOrder {
        @Override
        public String toString() {
            return "BreachOpen[incident=" + incident + ", aware=" + aware + "]";
        }
    }

    /// Notes a new version of what is known; what is null stays as it was.
    ///
    /// @param kinds `availability`, `integrity`, `confidentiality`; empty for no change
    /// @param people about how many; null for no change
    /// @param records likewise
    /// @param count whether people are counted by the availability record, in the incident's time
    /// @param mails whether mails are counted by the loss account as well: takes long
    record BreachUpdate(
            long breach, List<String> kinds, @Nullable String nature, @Nullable String peopleCategories,
            @Nullable Long people, @Nullable String recordCategories, @Nullable Long records,
            @Nullable String contact, @Nullable String consequences, @Nullable String measures,
            @Nullable String delay, boolean count, boolean mails, @Nullable Sent sent,
            @Nullable PeopleTold told) implements BreachOrder {
        @Override
        public String toString() {
            return "BreachUpdate[breach=" + breach + ", count=" + count + ", mails=" + mails + ", sent="
                    + sent
                    + ", told=" + (told == null ? null : told.at()) + "]";
        }
    }

    /// The authority was notified of what is known then.
    ///
    /// @param at when
    /// @param reference the authority's own; null for none yet
    record Sent(String at, String authority, @Nullable String reference) {}

    /// The people concerned were told, or it was decided that they need not be.
    ///
    /// @param at when; null where they are not told
    /// @param how by what, or why not
    record PeopleTold(@Nullable String at, String how) {}

    /// @param notifies whether the authority is notified
    record BreachDecide(long breach, boolean notifies, String reasons) implements BreachOrder {
        @Override
        public String toString() {
            return "BreachDecide[breach=" + breach + ", notifies=" + notifies + "]";
        }
    }

    /// @param to a new file on the server's machine that ends with `.pdf` or `.json`
    /// @param language `it` or `en`, of a PDF
    record BreachExport(long breach, String to, String language) implements BreachOrder {}

    /// What the communications regulator asks of an incident, in one package without personal data.
    ///
    /// @param to a new file on the server's machine
    record IncidentReport(long incident, String to) implements BreachOrder {}

    @Override
    default boolean looks() {
        return switch (this) {
            case BreachList _, BreachShow _ -> true;
            case BreachOpen _, BreachUpdate _, BreachDecide _, BreachExport _, IncidentReport _ -> false;
        };
    }
}
