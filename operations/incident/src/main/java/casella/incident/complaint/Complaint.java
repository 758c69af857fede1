package casella.incident.complaint;

import casella.base.AccountId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One case.
///
/// @param id 1 and up
/// @param deadline when it must have been answered
/// @param steps what was done since, oldest first; at most [#STEPS_MAX]
public record Complaint(long id, Received received, Instant deadline, List<Step> steps) {
    public static final int STEPS_MAX = 1_000;

    public Complaint {
        steps = List.copyOf(steps);
    }

    /// How it came.
    public enum Channel {
        FORM,
        MAIL,
        /// Certified mail (posta elettronica certificata).
        PEC,
        LETTER,
        TELEPHONE,
        /// An association's list, with its mandate.
        ASSOCIATION;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Channel of(String word) {
            for (Channel one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException(
                    "channel: must be form, mail, pec, letter, telephone or association");
        }
    }

    /// What it is about.
    public enum Category {
        /// The mailbox was away.
        AVAILABILITY,
        /// A mail is not there.
        LOST_MAIL,
        COMPENSATION,
        /// Personal data.
        PRIVACY,
        /// A price, a payment, a contract.
        CONTRACT,
        OTHER;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static Category of(String word) {
            for (Category one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException(
                    "category: must be availability, lost-mail, compensation, privacy, contract or other");
        }
    }

    /// How far it is.
    public enum State {
        /// Somebody waits for us.
        OPEN,
        /// We have answered, and wait.
        ANSWERED,
        /// It was decided.
        CLOSED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static State of(String word) {
            for (State one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException("state: must be open, answered or closed");
        }
    }

    /// Who complains.
    ///
    /// @param name may be empty
    /// @param contact where an answer reaches them, as they say it: a mail address, a telephone, an address of a street; may be empty
    public record Person(String name, String contact) {
        public Person {
            name = line("name", name, 200);
            contact = line("contact", contact, 300);
        }
    }

    /// What came.
    ///
    /// @param at when it reached us: of a letter, the day on its receipt
    /// @param account whose mailbox it is about, as an account's id in words; null where that is not known
    /// @param subject one line, may be empty
    /// @param text at most [#TEXT_MAX] characters
    /// @param language `it` or `en`
    /// @param protocol the number under which a letter or certified mail was registered; empty for others
    /// @param association in whose name it came; empty for none
    /// @param mandate what shows that the association may speak; empty for none
    public record Received(
            Instant at, Channel channel, Category category, String brand, @Nullable String account,
                    Person person,
            String subject, String text, String language, String protocol, String association,
                    String mandate) {
        public static final int TEXT_MAX = 8_000;

        public Received {
            brand = line("brand", brand, 64);
            subject = line("subject", subject, 200);
            text = Complaint.text("text", text);
            protocol = line("protocol", protocol, 100);
            association = line("association", association, 200);
            mandate = line("mandate", mandate, 200);
            if (!language.equals("it")
                    && !language.equals("en")) throw new IllegalArgumentException(
                    "language: must be it or en");
            if (channel == Channel.ASSOCIATION && (association.isEmpty() || mandate.isEmpty())) {
                throw new IllegalArgumentException("association: must say who it is and what its mandate is");
            }
            boolean registered = channel == Channel.PEC || channel == Channel.LETTER;
            if (registered && protocol.isEmpty()) throw new IllegalArgumentException(
                    "protocol: a letter must have its number");
        }

        public Optional<AccountId> accountId() {
            return Optional.ofNullable(account).map(AccountId::parse);
        }
    }

    /// Returns the number people are told: `R-2027-000017`.
    public String number() {
        return number(received.at(), id);
    }

    static String number(Instant received, long id) {
        return "R-%d-%06d".formatted(received.atOffset(ZoneOffset.UTC).getYear(), id);
    }

    public State state() {
        State state = State.OPEN;
        for (Step step : steps) {
            state = switch (step.what()) {
                case Step.Heard _ -> State.OPEN;
                case Step.Said _ -> State.ANSWERED;
                case Step.Decided _ -> State.CLOSED;
                case Step.Acknowledged _, Step.Filed _, Step.Sorted _ -> state;
            };
        }
        return state;
    }

    /// Returns what it is about: what was said last of that.
    public Category category() {
        Category category = received.category();
        for (Step step : steps) if (step.what() instanceof Step.Sorted sorted) category = sorted.category();
        return category;
    }

    /// Returns the incident it is about; 0 for none.
    public long incident() {
        long incident = 0;
        for (Step step : steps) if (step.what() instanceof Step.Sorted sorted) incident = sorted.incident();
        return incident;
    }

    /// Returns when we answered first, or decided; empty while we have done neither.
    public Optional<Instant> answered() {
        return steps.stream().filter(step -> Step.text(step.what()).isPresent()).map(Step::at)
                .min(Instant::compareTo);
    }

    /// Says whether it was answered by its deadline; empty while that is open.
    public Optional<Boolean> inTime(Instant now) {
        Optional<Instant> answered = answered();
        if (answered.isPresent()) return Optional.of(!answered.get().isAfter(deadline));
        return now.isAfter(deadline) ? Optional.of(false) : Optional.empty();
    }

    /// Returns when it was closed, and stayed so; empty while it is not.
    public Optional<Instant> closed() {
        return state() != State.CLOSED ? Optional.empty() : steps.reversed().stream()
                .filter(step -> step.what() instanceof Step.Decided).map(Step::at).findFirst();
    }

    /// Returns what it came to; empty while it is not closed.
    public Optional<Step.Outcome> outcome() {
        return state() != State.CLOSED ? Optional.empty() : steps.reversed().stream().map(Step::what)
                .filter(Step.Decided.class::isInstance).map(what -> ((Step.Decided) what).outcome())
                .findFirst();
    }

    public boolean overdue(Instant now) {
        return state() != State.CLOSED && now.isAfter(deadline);
    }

    static String line(String what, String text, int most) {
        String stripped = text.strip();
        if (stripped.length() > most) throw new IllegalArgumentException(what + ": must be at most " + most
                + " characters");
        if (stripped.chars().anyMatch(Character::isISOControl)) throw new IllegalArgumentException(what
                + ": must be one line");
        return stripped;
    }

    static String text(String what, String text) {
        String stripped = text.replace("\r\n", "\n").replace('\r', '\n').strip();
        if (stripped.isEmpty()) throw new IllegalArgumentException(what + ": must not be empty");
        if (stripped.length() > Received.TEXT_MAX) {
            throw new IllegalArgumentException(what + ": must be at most " + Received.TEXT_MAX
                    + " characters");
        }
        if (stripped.chars().anyMatch(c -> c != '\n' && c != '\t' && Character.isISOControl(c))) {
            throw new IllegalArgumentException(what + ": must have no control characters");
        }
        return stripped;
    }
}
