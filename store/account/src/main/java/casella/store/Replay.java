package casella.store;

import casella.store.engine.Batch;
import casella.store.engine.HeadRow;
import casella.store.engine.Rows;
import casella.store.stored.Stored;

/// Makes the rows of a change that is in the journal already.
final class Replay {
    private Replay() {}

    /// Returns what brings the rows under `head` to the state after `change`.
    ///
    /// @throws casella.base.Fault.Corrupt if the change does not fit the rows
    static Batch batch(Rows rows, HeadRow head, Change change, Entry entry) {
        var workspace = new Workspace(rows);
        Stored.Counters.Builder counters = RowCodec.counters(head).toBuilder();
        var projection = new Projection(workspace, counters, change.modseq(), entry.contents());
        for (Operation operation : change.operations()) projection.apply(operation);
        projection.seal(change.epoch(), entry);
        return workspace.batch(head.version(), head.epoch());
    }
}
