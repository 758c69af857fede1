package casella.incident.compensation;

import casella.incident.availability.AwayMillis;
import casella.incident.availability.Capability;
import java.util.Optional;

/// By what a rule measures how long something did not work.
public enum Measure {
    LOG_IN("log-in", Capability.LOG_IN),
    READ("read", Capability.READ),
    RECEIVE("receive", Capability.RECEIVE),
    SEND("send", Capability.SEND),
    PUSH("push", Capability.PUSH),
    /// Log-in or reading, whichever of the two: the owner could not get at the mails.
    MAILBOX("mailbox", null);

    private final String word;
    private final Optional<Capability> capability;

    Measure(String word, @org.jspecify.annotations.Nullable Capability capability) {
        this.word = word;
        this.capability = Optional.ofNullable(capability);
    }

    public String word() {
        return word;
    }

    static Optional<Measure> of(String word) {
        for (Measure one : values()) if (one.word.equals(word)) return Optional.of(one);
        return Optional.empty();
    }

    long millis(AwayMillis away) {
        return capability.map(away::of).orElseGet(away::mailbox);
    }
}
