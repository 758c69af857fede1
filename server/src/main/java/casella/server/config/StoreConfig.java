package casella.server.config;

import java.time.Duration;

/// The `store` section: how many copies, and how long is waited for them.
///
/// @param copies objects of every mail, in different vaults
/// @param ack copies that are synced before a message is acknowledged
/// @param ackMin the fewest that will do while a vault is failing; the rest is debt
/// @param writeTimeout how long a write is waited for before its outcome is unknown
/// @param readTimeout how long a read is waited for before the next copy is asked
public record StoreConfig(int copies, int ack, int ackMin, Duration writeTimeout, Duration readTimeout) {
    static final String ABOUT = "How many copies there are of every mail, always of different technologies.";

    static StoreConfig read(Section in) {
        int copies = Section.between(in.number("copies"), 1, 8).means("Copies of every object, each in another vault.").orElse(2);
        int ack = Section.between(in.number("ack"), 1, 8)
                .means("Copies that are synced before a message is acknowledged.")
                .orElse(2);
        int ackMin = Section.between(in.number("ack-min"), 1, 8)
                .means("The fewest that will do while a vault is failing; what is missing is copies debt.")
                .orElse(1);
        if (ack > copies) in.problem("ack", "must be at most store.copies");
        if (ackMin > ack) in.problem("ack-min", "must be at most store.ack");
        Duration write = Section.between(in.duration("write-timeout"), Duration.ofMillis(100), Duration.ofMinutes(5))
                .means("How long a write is waited for before its outcome is unknown.")
                .orElse(Duration.ofSeconds(10));
        Duration read = Section.between(in.duration("read-timeout"), Duration.ofMillis(100), Duration.ofMinutes(5))
                .means("How long a read is waited for.")
                .orElse(Duration.ofSeconds(5));
        return new StoreConfig(copies, ack, ackMin, write, read);
    }
}
