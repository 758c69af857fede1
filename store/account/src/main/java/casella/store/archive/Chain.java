package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How far an account's journal is whole in what holds it, hash by hash: from the first change that was not collected.
///
/// @param end the last change reached
/// @param whole whether that is all that was archived, and nothing lies beyond it
/// @param fault why it breaks there; null when it does not, or when something is missing
public record Chain(Modseq end, boolean whole, @Nullable Fault fault) {
    /// Reads all of it.
    ///
    /// @param engine says up to where it is archived
    /// @throws Fault if engine or names cannot be read
    public static Chain read(Engine engine, Holdings holdings, AccountId account, Duration time) {
        // What was collected left its heads; the journal goes on from the last of them.
        Position from = Heads.newest(holdings, account).map(Heads::end).orElse(Position.START);
        History.Reached reached = new History(holdings, account).read(from, _ -> {});
        Modseq archived = engine.read(account, time,
                rows -> Archived.of(rows.get(new Key.Archived())).upTo());
        Modseq end = reached.end().upTo();
        return new Chain(end, reached.whole() && !archived.after(end), reached.fault());
    }
}
