package casella.server.drill;

import casella.base.AccountId;
import casella.base.Clock;
import casella.continuity.cohort.Cohorts;
import casella.delivery.Delivery;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.server.control.Parts;
import casella.server.health.Audit;
import casella.store.Accounts;
import casella.store.deletion.Collector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// The server that drills are run in.
///
/// @param demo whether it is marked as one for looking at
/// @param hostname the server's own name
/// @param returnAfter how long an engine must be healthy before it counts again
/// @param folder where reports are kept
/// @param place who serves an account now; never waits
/// @param cohorts which slice an account is in
/// @param vaults in the order in which they are read
/// @param deleting the clock of what deletes
public record Scene(
        boolean demo,
        String hostname,
        Duration returnAfter,
        Path folder,
        Registrar registrar,
        Accounts accounts,
        Delivery delivery,
        Parts parts,
        Audit audit,
        Function<AccountId, Place> place,
        Cohorts cohorts,
        DrilledEngine engine,
        DrilledTail tail,
        List<DrilledVault> vaults,
        SqliteDirectory directory,
        DrilledClock deleting,
        Collector collector,
        Clock clock) {
    /// The technology of the files that are ours: pack vaults, and the tail.
    static final String OWN_FILES = "pack";

    /// Who serves an account.
    public enum Place {
        ENGINE,
        STANDBY,
        CONTINUATION
    }

    public Scene {
        vaults = List.copyOf(vaults);
    }

    /// The vault that is read first.
    DrilledVault vault() {
        return vaults.getFirst();
    }
}
