package casella.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The `store` section: how many copies, and how long is waited for them.
///
/// @param vaults names of the vaults there are, in the order in which they get copies and are read
/// @param copies objects of every mail, in different vaults
/// @param distinct what makes two vaults different: `technology` or `instance`
/// @param ack copies that are synced before a message is acknowledged
/// @param ackMin the fewest that will do while a vault is failing; the rest is debt
/// @param writeTimeout how long a write is waited for before its outcome is unknown
/// @param readTimeout how long a read is waited for
/// @param healRate bytes a second that are copied at most to pay debt
/// @param scrubRate bytes a second that are read at most in each vault to prove what is there
/// @param compactRate bytes a second that a vault reads and writes at most to merge its files
/// @param automaticStandby whether accounts are served out of their journals when the engine is gone, without an order
/// @param returnAfter how long the engine must be healthy before it counts again; doubles with each relapse
public record StoreConfig(
        List<String> vaults,
        int copies,
        String distinct,
        int ack,
        int ackMin,
        Duration writeTimeout,
        Duration readTimeout,
        long healRate,
        long scrubRate,
        long compactRate,
        boolean collectJournal,
        boolean automaticStandby,
        Duration returnAfter) {
    static final String ABOUT = "How many copies there are of every mail, and what is waited for.";

    /// The vaults a machine can have, each of another technology.
    private static final List<String> VAULTS = List.of("pack", "rocksdb", "files");

    static StoreConfig read(Section in) {
        List<String> vaults = in.texts("vaults")
                .means("The vaults there are, of pack, rocksdb and files, in the order in which they get copies and"
                        + " are read. Each has its folder in the data section. A vault that is taken away keeps its"
                        + " files.")
                .orElse(List.of("pack", "rocksdb"));
        if (vaults.isEmpty() || !VAULTS.containsAll(vaults) || Set.copyOf(vaults).size() != vaults.size()) {
            in.problem("vaults", "must be one or more of " + String.join(", ", VAULTS) + ", each once");
            vaults = VAULTS;
        }
        int copies = Section.between(in.number("copies"), 1, 8)
                .means("Copies of every object, each in another vault, in the order of store.vaults.")
                .orElse(2);
        String distinct = in.word("distinct", List.of("technology", "instance"))
                .means("What must differ between two copies: the technology of their vaults, so that a mistake in one cannot"
                        + " cost both, or the vault alone.")
                .orElse("technology");
        int ack = Section.between(in.number("ack"), 1, 8)
                .means("Copies that are synced before a message is acknowledged, while the vaults are well.")
                .orElse(2);
        int ackMin = Section.between(in.number("ack-min"), 1, 8)
                .means("The fewest that will do when others failed or did not answer in time, in vaults that have not just"
                        + " failed themselves; what is missing is copies debt and is paid later.")
                .orElse(1);
        if (copies > vaults.size()) {
            in.problem("copies", "must be at most the number of vaults, which is " + vaults.size() + " ("
                    + String.join(", ", vaults) + ")");
        }
        if (ack > copies) in.problem("ack", "must be at most store.copies");
        if (ackMin > ack) in.problem("ack-min", "must be at most store.ack");
        Duration write = Section.between(in.duration("write-timeout"), Duration.ofMillis(100), Duration.ofMinutes(5))
                .means("How long a write is waited for before its outcome is unknown.")
                .orElse(Duration.ofSeconds(10));
        Duration read = Section.between(in.duration("read-timeout"), Duration.ofMillis(100), Duration.ofMinutes(5))
                .means("How long a read is waited for.")
                .orElse(Duration.ofSeconds(5));
        long heal = Section.between(in.size("heal-rate"), 1L << 10, 1L << 40)
                .means("How many bytes a second are copied at most to give a vault what it lacks.")
                .orElse(32L << 20);
        long scrub = Section.between(in.size("scrub-rate"), 1L << 10, 1L << 40)
                .means("How many bytes a second are read at most in each vault to check every object against its hash; one pass"
                        + " over a vault a day at most.")
                .orElse(4L << 20);
        long compact = Section.between(in.size("compact-rate"), 1L << 10, 1L << 40)
                .means("How many bytes a second are read and written at most in the pack vault to bring each account's objects"
                        + " together and to take back the space of what was removed.")
                .orElse(64L << 20);
        boolean journal = in.yesNo("collect-journal")
                .means("Whether an account's journal from before its plan's days is removed, first from one vault and a week"
                        + " later from the others. Without it the journal is kept whole; decision 0116 says what speaks for"
                        + " that.")
                .orElse(false);
        return new StoreConfig(
                List.copyOf(vaults), copies, distinct, ack, ackMin, write, read, heal, scrub, compact,
                journal, automaticStandby(in), returnAfter(in));
    }

    private static boolean automaticStandby(Section in) {
        return in.yesNo("automatic-standby")
                .means("Whether an account that is used while the engine is gone is served out of its journal without an order, and"
                        + " given back when the engine is well again. An engine that is only slow is waited for.")
                .orElse(true);
    }

    private static Duration returnAfter(Section in) {
        return Section.between(in.duration("return-after"), Duration.ofSeconds(1), Duration.ofHours(1))
                .means("How long the engine must be healthy without a break before it counts again and accounts go back to it, a"
                        + " few at first; doubles with each relapse, up to 15 times as long.")
                .orElse(Duration.ofMinutes(2));
    }
}
