package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.engine.Engine;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.util.Optional;

/// Makes checkpoints: the last one with the segments after it folded in. Nothing is read from the engine but, at the end,
/// its sums: a view that differs from what its journal makes is named.
final class Checkpoints {
    private final Engine engine;
    private final Copies copies;
    private final Holdings holdings;
    private final Metrics metrics;

    Checkpoints(Engine engine, Copies copies, Holdings holdings, Metrics metrics) {
        this.engine = engine;
        this.copies = copies;
        this.holdings = holdings;
        this.metrics = metrics;
    }

    /// Makes a checkpoint of all that is archived and returns where it stands.
    ///
    /// @param until what is marked as archived. Segments beyond it, of an attempt that was not marked, may be put again
    ///              longer: a checkpoint in the middle of one would lead nowhere
    /// @throws Fault.Unavailable if the vaults do not give or take what it needs
    /// @throws Fault.Corrupt if the journal does not fit together
    Modseq make(AccountId account, Modseq until) {
        Folding folding = Folding.begin(holdings, account, false, (hash, page) -> put(account, hash, page))
                .segments(until);
        Fault fault = folding.fault();
        if (fault != null && until.value() > folding.fold().head().version()) throw fault;
        Checkpoint next = Repaging.next(folding.base(), folding.fold(),
                (hash, page) -> put(account, hash, page));
        byte[] head = next.encode();
        ObjectName name = next.name(head);
        int owed = copies.put(name, StoredObject.encode(name, new byte[0], head));
        metrics.add(Metric.ARCHIVE_CHECKPOINTS, 1, owed == 0 ? "kept" : "owing");
        compare(account, next);
        return next.modseq();
    }

    private void put(AccountId account, Sha256 hash, byte[] page) {
        var name = new ObjectName(account, ObjectName.Kind.PAGE, 0, 0, hash);
        copies.put(name, StoredObject.encode(name, new byte[0], page));
    }

    /// Compares with the engine, when it stands at the same change.
    private void compare(AccountId account, Checkpoint checkpoint) {
        if (!engine.keeps(account)) return;
        Optional<EngineState> state = EngineState.read(engine, account);
        if (state.isEmpty() || state.get().version() != checkpoint.head().version()) return;
        boolean same = state.get().own().equals(checkpoint.comparable())
                && state.get().follows().equals(state.get().due());
        if (same) return;
        metrics.add(Metric.ARCHIVE_CHECKPOINTS, 1, "differs");
        Log.event(Event.STORE_VIEW_DIFFERS, "account", account, "modseq", checkpoint.modseq());
    }
}
