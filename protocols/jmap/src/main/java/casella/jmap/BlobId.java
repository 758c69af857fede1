package casella.jmap;

import casella.base.ArrivalId;
import casella.base.Sha256;
import casella.message.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The id of some bytes. RFC 8620 §6.
///
/// ```text
/// 64 hexadecimal digits               a whole mail, or an upload: the SHA-256 of its bytes
/// <email id or such a hash>-1_2       the decoded content of part 1.2 of that mail; an id has
///                                     no dots
/// …-1_2-1                             part 1 of the mail that part 1.2 is
/// ```
///
/// @param email the stored email it begins with, else null
/// @param hash the hash it begins with, else null
/// @param sections parts within, outermost first
record BlobId(@Nullable ArrivalId email, @Nullable Sha256 hash, List<String> sections) {
    private static final int SECTIONS_MAX = 5;
    private static final int SECTION_LENGTH_MAX = 100;
    private static final int HASH_LENGTH = 64;

    /// Returns the id of a part of the mail that `base` names: an email id, or a blob id.
    static String of(String base, Part part) {
        return base + "-" + part.section().replace('.', '_');
    }

    /// Returns the id `text` says, null if it says none.
    static @Nullable BlobId read(String text) {
        if (text.length() > Arguments.ID_LENGTH_MAX) return null;
        String[] pieces = text.split("-", -1);
        if (pieces.length - 1 > SECTIONS_MAX) return null;
        var sections = new ArrayList<String>();
        for (int i = 1; i < pieces.length; i++) {
            if (pieces[i].length() > SECTION_LENGTH_MAX || !pieces[i].matches("[0-9]+(_[0-9]+)*")) return null;
            sections.add(pieces[i].replace('_', '.'));
        }
        String head = pieces[0];
        try {
            if (head.length() == HASH_LENGTH) {
                Sha256 hash = Sha256.parse(head);
                return hash.toString().equals(head) ? new BlobId(null, hash, sections) : null;
            }
            ArrivalId email = ArrivalId.parse(head);
            // A whole email is named by its hash; its own id alone names no bytes.
            if (sections.isEmpty() || !email.toString().equals(head)) return null;
            return new BlobId(email, null, sections);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
