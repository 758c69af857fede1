package casella.vault.rocksdb;

import casella.store.vault.Vault;
import casella.testkit.VaultContract;
import java.nio.file.Path;

/// The RocksDB vault keeps the contract of every vault.
class RocksVaultContractTest extends VaultContract {
    @Override
    protected Vault open(Path folder) {
        return RocksVault.open("rocksdb", folder, RocksVaultConfig.small());
    }
}
