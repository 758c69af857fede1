package casella.server.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Metrics;
import casella.delivery.SendingAllowance.Limits;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Plan;
import casella.directory.Registrar.NewAccount;
import casella.directory.SqliteDirectory;
import casella.server.config.SubmissionSection;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How much an owner may send is what the plan says, where it says anything.
class OwnersSendingTest {
    @Test
    void aPlanSaysOtherwise(@TempDir Path folder) {
        try (var directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), Metrics.none())) {
            var registrar = directory.registrar();
            registrar.putBrand(new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it")));
            registrar.addDomain("posta", "posta.example");
            registrar.putPlan(new Plan("plus", 1 << 30, true, Plan.ServiceLevel.BASIC, 30, 1 << 30, 900, 0));
            AccountId free = add(directory, "anna@posta.example", "free");
            AccountId plus = add(directory, "bruno@posta.example", "plus");
            var limits = new OwnersSending(directory, new SubmissionSection(60, 500, 2_000));

            assertThat(limits.apply(free)).isEqualTo(new Limits(60, 500, 2_000));
            assertThat(limits.apply(plus)).isEqualTo(new Limits(60, 900, 2_000));
        }
    }

    private static AccountId add(SqliteDirectory directory, String address, String plan) {
        var account = new NewAccount(address, plan, "", null, Password.clear("casella"), List.of(), null);
        assertThat(directory.registrar().add(account)).isNotNull();
        return directory.registrar().find(address).orElseThrow().id();
    }
}
