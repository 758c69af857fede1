package casella.server;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.server.config.Config;
import casella.server.control.StoreOperations;
import casella.server.ladder.VaultPlace;
import casella.server.ladder.VaultsFile;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The vaults of a data folder that can be opened, and the tail if it can: for an export while all else is down.
final class OpenVaults implements Launch.Stored {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Vault> vaults = new ArrayList<>();
    private final @Nullable Tail tail;

    private OpenVaults(Config config, Technologies technologies) {
        try (var files = new Bulkhead("vaults.file", 1, 1)) {
            for (VaultPlace place : new VaultsFile(config.data(), files).read().vaults(VaultPlace.configured(config))) {
                vault(() -> technologies.vault(place));
            }
        }
        this.tail = tail(config, technologies);
    }

    /// @throws Fault.Unavailable if no vault opens
    static OpenVaults open(Config config, Technologies technologies) {
        var open = new OpenVaults(config, technologies);
        if (!open.vaults.isEmpty()) return open;
        open.close();
        throw new Fault.Unavailable("No vault can be opened", Map.of("folder", config.data().folder()));
    }

    private void vault(Supplier<Vault> opening) {
        try {
            Vault vault = opening.get();
            opened.add(vault);
            vaults.add(vault);
        } catch (Fault e) {
            // It is left out; an order that names it says that it is not open.
            casella.base.Log.event(casella.base.Event.VAULT_READ_FAILED, "why", e);
        }
    }

    private @Nullable Tail tail(Config config, Technologies technologies) {
        try {
            Tail open = technologies.tail(config.data().tail());
            opened.add(open);
            return open;
        } catch (Fault e) {
            casella.base.Log.event(casella.base.Event.VAULT_READ_FAILED, "why", e);
            return null;
        }
    }

    @Override
    public StoreOperations operations() {
        return new StoreOperations(vaults, tail, null);
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
