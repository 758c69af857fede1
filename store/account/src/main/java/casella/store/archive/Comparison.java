package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.store.Journal;
import casella.store.engine.Engine;
import java.util.Optional;

/// Compares the rows of a view that nobody writes with those its journal makes.
public final class Comparison {
    private static final int ATTEMPTS_MAX = 3;

    private Comparison() {}

    /// Says whether every row of the account in `engine` is what the journal up to the view's version makes.
    ///
    /// @throws Fault.Unavailable if engine or journal cannot be read, or somebody writes the view
    public static boolean same(AccountId account, Engine engine, Journal journal, Holdings holdings) {
        Optional<EngineState> read = EngineState.read(engine, account);
        if (read.isEmpty()) {
            throw new Fault.Unavailable("The view changes while it is compared",
                    java.util.Map.of("account", account));
        }
        EngineState state = read.get();
        Modseq version = new Modseq(state.version());
        Folding folding = fold(account, version, journal, holdings);
        // A checkpoint may stand beyond a view that is behind; then there is nothing to compare with.
        if (folding.fold().head().version() != version.value()) return false;
        Checkpoint expected = Repaging.next(folding.base(), folding.fold(), (_, _) -> {});
        return expected.comparable().equals(state.own()) && state.follows().equals(state.due());
    }

    private static Folding fold(AccountId account, Modseq version, Journal journal, Holdings holdings) {
        for (int attempt = 0; ; attempt++) {
            Folding folding =
                    Folding.begin(holdings, account, false, null).segments(version).tail(journal, version);
            if (folding.fold().head().version() >= version.value()) return folding;
            // Entries that went from the tail to segments while these were read are there the next time.
            if (attempt < ATTEMPTS_MAX) continue;
            Fault fault = folding.fault();
            if (fault != null) throw fault;
            return folding;
        }
    }
}
