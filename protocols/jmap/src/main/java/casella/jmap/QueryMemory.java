package casella.jmap;

import casella.base.AccountId;
import casella.base.Modseq;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Results of queries, so that the pages of a long list are cut from one answer. Bounded by ids,
/// the least used goes.
///
/// A result counts only for the state it was made in: the next change of the account makes it
/// useless.
final class QueryMemory {
    private static final long IDS_MAX = 2_000_000;

    /// @param query filter, sort and collapsing, as text
    record Key(AccountId account, Modseq modseq, String query) {}

    private final LinkedHashMap<Key, List<String>> results = new LinkedHashMap<>(64, 0.75f, true);
    private long ids;

    synchronized @Nullable List<String> get(Key key) {
        return results.get(key);
    }

    synchronized void put(Key key, List<String> result) {
        if (result.size() > IDS_MAX / 4) return;
        List<String> before = results.put(key, List.copyOf(result));
        ids += result.size() + 1L - (before == null ? 0 : before.size() + 1);
        var oldest = results.entrySet().iterator();
        while (ids > IDS_MAX && oldest.hasNext()) {
            Map.Entry<Key, List<String>> gone = oldest.next();
            ids -= gone.getValue().size() + 1L;
            oldest.remove();
        }
    }
}
