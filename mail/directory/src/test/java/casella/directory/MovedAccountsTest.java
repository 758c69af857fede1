package casella.directory;

import static casella.directory.Sample.done;
import static casella.directory.Sample.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Registrar.Member;
import casella.directory.Registrar.NewAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the cohort an account was put in is known at once, over a restart, and while the database is gone.
class MovedAccountsTest {
    @TempDir Path folder;
    SqliteDirectory directory;

    @BeforeEach
    void open() {
        directory = Sample.filled(folder);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private AccountId id(String address) {
        return directory.registrar().find(address).orElseThrow().id();
    }

    private Optional<String> cohort(String address) {
        return directory.cohort(id(address));
    }

    @Test
    void whoIsPutInACohortIsThereAtOnceAndAfterARestart() {
        assertThat(cohort("anna@posta.example")).isEmpty();
        done(directory.registrar().putInCohort("anna@posta.example", "staff"));
        done(directory.registrar().putInCohort("bruno@virgola.example", "staff"));
        done(directory.registrar().putInCohort("bruno@virgola.example", "slice-07"));
        assertThat(cohort("anna@posta.example")).contains("staff");

        directory.close();
        directory = Sample.open(folder);
        assertThat(cohort("anna@posta.example")).contains("staff");
        assertThat(cohort("bruno@virgola.example")).contains("slice-07");

        done(directory.registrar().putInCohort("anna@posta.example", null));
        assertThat(cohort("anna@posta.example")).isEmpty();
        directory.close();
        directory = Sample.open(folder);
        assertThat(cohort("anna@posta.example")).isEmpty();
    }

    @Test
    void aDatabaseThatIsGoneTakesNobodyOutOfTheirCohort() throws Exception {
        done(directory.registrar().putInCohort("anna@posta.example", "volunteers"));
        AccountId anna = id("anna@posta.example");
        AccountId bruno = id("bruno@virgola.example");
        directory.close();
        byte[] garbage = new byte[(int) Files.size(folder.resolve("directory.db"))];
        new Random(7).nextBytes(garbage);
        Files.write(folder.resolve("directory.db"), garbage);

        directory = Sample.open(folder);

        assertThat(directory.condition()).isInstanceOf(Directory.Condition.ReadOnly.class);
        assertThat(directory.cohort(anna)).contains("volunteers");
        assertThat(directory.cohort(bruno)).isEmpty();
        assertThatThrownBy(() -> directory.registrar().putInCohort("bruno@virgola.example", "staff"))
                .isInstanceOf(Fault.Unavailable.class);
        assertThat(directory.cohort(bruno)).isEmpty();
    }

    @Test
    void whatIsNoAccountOrNoNameIsRefused() {
        assertThat(refused(directory.registrar().putInCohort("nobody@posta.example", "staff"))).contains("nobody has");
        done(directory.registrar().wipe("bruno@virgola.example"));
        assertThat(refused(directory.registrar().putInCohort("bruno@virgola.example", "staff"))).contains("wiped");
        assertThatThrownBy(() -> directory.registrar().putInCohort("anna@posta.example", "The Staff"))
                .hasMessageContaining("cohort");
    }

    private Member member(String address, String brand, @Nullable String cohort) {
        Account account = directory.registrar().find(address).orElseThrow();
        return new Member(account.id(), address, brand, "free", cohort, account.created());
    }

    @Test
    void everybodyIsListedOnceWithWhatTheyAreCountedBy() {
        for (int i = 0; i < 20; i++) {
            done(directory.registrar().add(new NewAccount("n" + i + "@posta.example", null, "", null, null, List.of(), null)));
        }
        done(directory.registrar().wipe("n3@posta.example"));
        done(directory.registrar().putInCohort("n4@posta.example", "staff"));
        var found = new ArrayList<Member>();
        List<Member> page = directory.registrar().members(null, 7);
        while (!page.isEmpty()) {
            found.addAll(page);
            page = directory.registrar().members(page.getLast().id(), 7);
        }

        assertThat(found).hasSize(21).doesNotHaveDuplicates();
        assertThat(found).contains(
                member("n4@posta.example", "posta", "staff"), member("bruno@virgola.example", "virgola", null));
        assertThat(found).noneMatch(member -> member.address().equals("n3@posta.example"));
    }
}
