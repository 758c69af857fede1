package casella.incident.availability;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why a capability did not work: the definition of what is measured, by what, and how finely. All times are the server's wall clock;
/// what is looked at once a second begins and ends up to a second late.
///
/// | cause | capabilities | of whom | from | until |
/// | --- | --- | --- | --- | --- |
/// | `stopped` | all | everybody | the last heartbeat of a process that ended in order; one a second | all doors are open |
/// | `killed` | all | everybody | the last heartbeat of a process that did not | all doors are open |
/// | `vaults` | read | everybody | no home of the policy answers its probe: no mail can be opened | one does |
/// | `queue` | receive, send | everybody | mail was refused for now and none accepted, with a queue that takes none | one is accepted, or the queue takes mail |
/// | `directory` | log-in | a protocol | log-ins could not be checked, and none was | one is checked, or the directory answers its probe and none fails |
/// | `not-let-in` | log-in | a cohort | a reopening begins, whose step has not come | its step is in |
/// | `held` | log-in | an account | its owner asked and was told not yet, to the millisecond | he is let in, or everybody is |
/// | `continuation` | read | an account | it was turned to a continuation, to the millisecond | that has ended |
/// | `call` | read | an account | a read of it failed, to the millisecond | one works, or 60 s without another that fails |
/// | `content` | read | an account | a mail of it could not be opened | one can be, or 60 s without another that cannot |
/// | `refused` | receive | an account | mail for it was answered "try later" | mail is accepted, or 60 s without another that is not |
/// | `not-sent` | send | an account | mail from it was answered "try later" | mail is accepted, or 60 s without another that is not |
///
/// What works in another way works: on standby there is no interval, and mail that waits in the queue was received. An owner kept out at
/// the door may have sessions open; `log-in` says what was measured, and who means "could not get at his mails" asks for either of
/// [Capability#MAILBOX]. Calls under drill count as well.
///
/// Not measured: changes (flags, moves), log-ins that too many others kept from being checked, networks between us and owners.
public enum Cause {
    STOPPED("stopped", false, Capability.all(), "the server was stopped"),
    KILLED("killed", false, Capability.all(), "the server ended without a stop"),
    VAULTS("vaults", false, EnumSet.of(Capability.READ), "no vault answered, mails could not be opened"),
    QUEUE("queue", false, EnumSet.of(Capability.RECEIVE, Capability.SEND), "the queue took no mail"),
    DIRECTORY("directory", false, EnumSet.of(Capability.LOG_IN), "log-ins could not be checked"),
    NOT_LET_IN("not-let-in", false, EnumSet.of(Capability.LOG_IN), "the reopening had not come to them"),
    HELD("held", false, EnumSet.of(Capability.LOG_IN), "asked to come in and was told not yet"),
    CONTINUATION("continuation", false, EnumSet.of(Capability.READ), "folders were closed"),
    CALL("call", true, EnumSet.of(Capability.READ), "reading failed"),
    CONTENT("content", true, EnumSet.of(Capability.READ), "a mail could not be opened"),
    REFUSED("refused", true, EnumSet.of(Capability.RECEIVE), "mail was answered: try later"),
    NOT_SENT("not-sent", true, EnumSet.of(Capability.SEND), "mail to send was answered: try later");

    private final String word;
    private final boolean fades;
    private final Set<Capability> capabilities;
    private final String sentence;

    Cause(String word, boolean fades, Set<Capability> capabilities, String sentence) {
        this.word = word;
        this.fades = fades;
        this.capabilities = Set.copyOf(capabilities);
        this.sentence = sentence;
    }

    /// Returns its name in the tables and in JSON.
    public String word() {
        return word;
    }

    /// Returns it in words, for operators.
    public String sentence() {
        return sentence;
    }

    /// Returns what did not work.
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /// Says whether one failed call says nothing of the time after [Recorder#FADES].
    boolean fades() {
        return fades;
    }

    /// Returns the cause of that name; empty for none.
    static Optional<Cause> of(@Nullable String word) {
        for (Cause cause : values()) if (cause.word.equals(word)) return Optional.of(cause);
        return Optional.empty();
    }
}
