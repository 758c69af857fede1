package casella.testkit.model;

import casella.store.Journal;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// The parts a run stands on, of the test's choice, and what lies below them: files that can fail, a power
/// switch.
///
/// After [#restart] the parts are new ones over what the files hold.
public interface Machine extends AutoCloseable {
    Engine engine();

    Journal journal();

    /// Returns at least two vaults of different technologies.
    List<Vault> vaults();

    /// Returns where messages wait. What it keeps is nowhere else: it is never chosen to [#lose] anything.
    Waiting waiting();

    /// Returns where the care for copies keeps its files.
    Disk careDisk();

    Path careFolder();

    /// Lets some of the next operations on files fail, hang or find no room, or the power go in the middle of
    /// one.
    ///
    /// @return what was done, for the trace
    String trouble(Random dice);

    /// Says whether the power went.
    boolean off();

    /// Ends all trouble of the files; what hangs goes on.
    void quiet();

    /// The process ends: nothing is written any more.
    void die();

    /// Comes after [#die]: the process ended, with the power or alone, and its parts are opened again over
    /// what is left.
    ///
    /// @return what was done, for the trace
    String restart(Random dice);

    /// Chooses one part that will lose, at the next [#restart], what it said was kept from now on, or all it has. Called
    /// when everything is whole; the others are in no trouble until then.
    ///
    /// @return what will be lost, for the trace
    String lose(Random dice);

    @Override
    void close();
}
