package casella.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a mailbox is for. RFC 8621 §2, RFC 6154 §2; the stored word is the lower-case name.
public enum Role {
    INBOX(1),
    DRAFTS(2),
    SENT(3),
    ARCHIVE(4),
    JUNK(5),
    TRASH(6),
    FLAGGED(7),
    IMPORTANT(8);

    /// Where a mailbox without a role stands among those with one.
    public static final int SORT_ORDER_OF_NONE = 100;

    private final int sortOrder;

    Role(int sortOrder) {
        this.sortOrder = sortOrder;
    }

    /// Returns where a new mailbox of this role stands in a list. RFC 8621 §2.
    public int sortOrder() {
        return sortOrder;
    }

    /// Returns the word of JMAP: `inbox`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the role `word` names, or null when it names none.
    public static @Nullable Role of(String word) {
        for (Role role : values()) if (role.word().equals(word)) return role;
        return null;
    }
}
