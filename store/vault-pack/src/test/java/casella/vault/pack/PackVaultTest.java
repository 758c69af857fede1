package casella.vault.pack;

import casella.store.vault.Vault;
import casella.testkit.VaultContract;
import java.nio.file.Path;

/// Proves that the pack vault does what every vault does.
final class PackVaultTest extends VaultContract {
    @Override
    protected Vault open(Path folder) {
        return PackVault.open("pack", folder);
    }
}
