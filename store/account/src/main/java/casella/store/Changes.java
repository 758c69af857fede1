package casella.store;

import casella.base.Modseq;
import java.util.List;

/// What became different after a point in an account's history. RFC 8620 §5.2.
///
/// @param until the point these changes lead to; ask again from here when `more`
/// @param more whether there are further changes after `until`
public record Changes<T>(List<T> created, List<T> updated, List<T> ended, Modseq until, boolean more) {
    public Changes {
        created = List.copyOf(created);
        updated = List.copyOf(updated);
        ended = List.copyOf(ended);
    }
}
