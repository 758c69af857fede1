package casella.store.continuation;

import casella.base.AccountId;
import casella.store.FaceRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of accounts when nothing of the store can be read.
public interface Names {
    /// An account's folders.
    ///
    /// @param received what to call the folder that is open, in its owner's language
    record Known(List<FaceRows.Folder> folders, String received) {}

    /// Returns null for an account nobody has named.
    ///
    /// @throws casella.base.Fault.Unavailable if that cannot be told now
    @Nullable Known known(AccountId account);

    /// Returns accounts whose folders are known, always in the same order, at most `limit` after `after`.
    List<AccountId> accounts(@Nullable AccountId after, int limit);
}
