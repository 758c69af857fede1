package casella.server.drill.january;

import casella.base.Deadline;
import casella.continuity.reenactment.ThresholdVault;
import casella.server.Technologies;
import casella.server.drill.DrilledEngine;
import casella.server.ladder.VaultPlace;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The parts of a server to which a new storage is brought. A vault that is added to it lies on that storage and blocks past
/// its threshold; so does the engine, once [#withEngine] says that it lies there too. Safe from any thread.
final class NewStorage implements Technologies {
    private volatile long objectsMax = Long.MAX_VALUE;
    private volatile @Nullable ThresholdVault vault;
    private volatile @Nullable DrilledEngine engine;

    /// Sets the threshold of the vault on it, and of the next.
    ///
    /// @param most objects with which it still serves
    void limit(long most) {
        objectsMax = most;
        ThresholdVault now = vault;
        if (now != null) now.limit(most);
    }

    @Override
    public Engine engine(Path folder) {
        var opened = new DrilledEngine(Technologies.super.engine(folder));
        engine = opened;
        return opened;
    }

    @Override
    public Vault added(VaultPlace place) {
        var opened = new ThresholdVault(Technologies.super.added(place), objectsMax);
        vault = opened;
        return opened;
    }

    /// Says whether the newest vault on it answers nobody.
    boolean blocked() {
        ThresholdVault now = vault;
        return now != null && now.blocked();
    }

    /// Returns how many objects the newest vault on it counts.
    long objects() {
        ThresholdVault now = vault;
        return now == null ? 0 : now.objects();
    }

    /// Has the engine answer nobody either, as what lies on the same storage.
    ///
    /// @param most it answers again then, also if [#release()] never comes
    void withEngine(Duration most) {
        DrilledEngine now = engine;
        if (now != null) now.hang(Deadline.in(most));
    }

    /// It answers again, all that it took is done, and it never blocks again.
    void release() {
        ThresholdVault one = vault;
        if (one != null) one.release();
        DrilledEngine other = engine;
        if (other != null) other.release();
    }
}
