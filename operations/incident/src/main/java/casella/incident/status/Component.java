package casella.incident.status;

import casella.incident.Words;
import java.util.Locale;

/// What people do with a mailbox: what the status page says works or does not.
public enum Component {
    LOG_IN(new Words("Accesso", "Log-in")),
    READING(new Words("Lettura", "Reading")),
    RECEIVING(new Words("Ricezione", "Receiving")),
    SENDING(new Words("Invio", "Sending")),
    WEBMAIL(new Words("Webmail e app", "Webmail and apps"));

    private final Words name;

    Component(Words name) {
        this.name = name;
    }

    public Words title() {
        return name;
    }

    /// Returns its id in the status API: `log-in`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// How it is, best first.
    public enum Condition {
        OPERATIONAL("operational", new Words("Funziona", "Works")),
        DEGRADED("degraded_performance", new Words("Funziona in parte", "Works in part")),
        PARTIAL("partial_outage", new Words("Non funziona per alcuni", "Does not work for some")),
        OUTAGE("major_outage", new Words("Non funziona", "Does not work"));

        private final String word;
        private final Words title;

        Condition(String word, Words title) {
            this.word = word;
            this.title = title;
        }

        /// Returns the status API's word for it.
        public String word() {
            return word;
        }

        public Words title() {
            return title;
        }

        Condition or(Condition other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }
}
