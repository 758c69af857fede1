package casella.queue;

import java.security.SecureRandom;
import java.util.HexFormat;

/// A message in the queue, whatever number of recipients it waits for: 64 random bits, written as 16 hexadecimal digits.
public record QueueId(long value) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int DIGITS = 16;

    public static QueueId random() {
        return new QueueId(RANDOM.nextLong());
    }

    /// Returns the id `text` says.
    ///
    /// @throws IllegalArgumentException if it is not 16 hexadecimal digits
    public static QueueId parse(String text) {
        if (text.length() != DIGITS) throw new IllegalArgumentException("queue id: must be 16 hexadecimal digits");
        try {
            return new QueueId(HexFormat.fromHexDigitsToLong(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("queue id: must be 16 hexadecimal digits", e);
        }
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
