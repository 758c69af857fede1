package casella.store.archive;

import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Change;

/// A place in an account's journal: after the change with this mod-sequence and hash.
record Position(Modseq upTo, Sha256 hash) {
    /// Before the first change.
    static final Position START = new Position(Modseq.NONE, Change.NO_PREVIOUS);
}
