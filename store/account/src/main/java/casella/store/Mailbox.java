package casella.store;

import casella.base.MailboxId;
import casella.base.Modseq;
import org.jspecify.annotations.Nullable;

/// A folder as it stands at one moment.
///
/// @param name full name in Unicode, `/` between levels; `INBOX` for the inbox
/// @param uidValidity RFC 9051 §2.3.1.1; 1 to 4,294,967,295
/// @param uidNext the UID that the next email gets; 4,294,967,296 when none is left
/// @param created when it was created
/// @param modseq last change of the mailbox or of anything in it: HIGHESTMODSEQ
/// @param properties last change of name, role, subscription or order
/// @param count placements
/// @param unseen placements without `$seen`
/// @param deleted placements with `\Deleted`
/// @param bytes sum of the sizes of its placements
/// @param role what it is for, null for an ordinary folder
/// @param sortOrder RFC 8621 §2
public record Mailbox(
        MailboxId id,
        String name,
        long uidValidity,
        long uidNext,
        Modseq created,
        Modseq modseq,
        Modseq properties,
        int count,
        int unseen,
        int deleted,
        long bytes,
        @Nullable Role role,
        boolean subscribed,
        int sortOrder) {
    public static final String INBOX = "INBOX";
    public static final char SEPARATOR = '/';
    /// Longest full name, in UTF-8 bytes.
    public static final int NAME_BYTES_MAX = 1_000;

    public static final int DEPTH_MAX = 20;
    public static final int COUNT_MAX = 10_000;

    /// Returns the name after the last separator.
    public String leaf() {
        return name.substring(name.lastIndexOf(SEPARATOR) + 1);
    }

    /// Returns the name before the last separator, null at the top.
    public @Nullable String parent() {
        int at = name.lastIndexOf(SEPARATOR);
        return at < 0 ? null : name.substring(0, at);
    }
}
