package casella.vault.files;

import casella.store.vault.Vault;
import casella.testkit.VaultContract;
import java.nio.file.Path;

/// Proves that the files vault does what every vault does.
final class FilesVaultTest extends VaultContract {
    @Override
    protected Vault open(Path folder) {
        return FilesVault.open("files", folder);
    }

    /// Each file is synced.
    @Override
    protected boolean sharesSyncs() {
        return false;
    }
}
