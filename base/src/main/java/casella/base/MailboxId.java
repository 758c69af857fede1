package casella.base;

/// A mailbox within its account: 1 or more, never reused.
public record MailboxId(int number) implements Comparable<MailboxId> {
    public MailboxId {
        if (number < 1) throw new IllegalArgumentException("mailbox: must be 1 or more");
    }

    @Override
    public int compareTo(MailboxId other) {
        return Integer.compare(number, other.number);
    }

    /// Returns the id as JMAP and OBJECTID write it: `m` and the number. RFC 8474 §4.1, RFC 8620 §1.2.
    @Override
    public String toString() {
        return "m" + number;
    }
}
