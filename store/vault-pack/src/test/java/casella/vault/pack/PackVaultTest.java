package casella.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.store.vault.Vault;
import casella.testkit.Pages;
import casella.testkit.VaultContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the pack vault does what every vault does, and has its files forgotten by memory for a scrub.
final class PackVaultTest extends VaultContract {
    private static final Duration TIME = Duration.ofSeconds(20);

    @Override
    protected Vault open(Path folder) {
        return PackVault.open("pack", folder);
    }

    @Test
    void whatMemoryHoldsOfItsFilesIsForgottenWhenAsked(@TempDir Path own) throws IOException {
        try (Vault vault = open(own)) {
            for (int i = 0; i < 20; i++) {
                Piece piece = Piece.mail(new AccountId(1), i, 60_000);
                var _ = vault.put(piece.name(), piece.object()).await(Deadline.in(TIME));
            }
            List<Path> files = Pages.read(own, ".seg", 1 << 20);
            assertThat(files).isNotEmpty().allMatch(Pages::loaded);

            vault.forgetCached(TIME);

            if (Pages.forgettable(own)) assertThat(files).noneMatch(Pages::loaded);
        }
    }
}
