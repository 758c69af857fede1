package casella.server.config;

/// The `queue` section: mail that waits for accounts that cannot be written now.
///
/// @param recipientsMax recipients that wait, in all
/// @param bytesMax bytes of messages that wait, in all; a tenth of it for one account
public record QueueConfig(int recipientsMax, long bytesMax) {
    static final String ABOUT = "The local queue: mail that waits for accounts that cannot be written now.";

    static QueueConfig read(Section in) {
        int recipients = Section.between(in.number("recipients-max"), 1_000, 100_000_000)
                .means("Recipients that wait, in all; what does not fit gets 452.")
                .orElse(1_000_000);
        long bytes = Section.between(in.size("bytes-max"), 64L << 20, 1L << 50)
                .means("Bytes of messages that wait, in all, and a tenth of it for one account; what does not fit gets 452.")
                .orElse(20L << 30);
        return new QueueConfig(recipients, bytes);
    }
}
