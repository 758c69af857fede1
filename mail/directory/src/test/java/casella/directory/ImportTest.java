package casella.directory;

import static casella.directory.Sample.done;
import static casella.directory.Sample.logIn;
import static casella.directory.Sample.refused;
import static org.assertj.core.api.Assertions.assertThat;

import casella.directory.Authenticator.Verdict;
import casella.directory.Registrar.ImportReport;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that accounts come in by the thousand, that wrong rows are named and left out, and that lists are whole.
class ImportTest {
    @TempDir Path folder;
    SqliteDirectory directory;

    @BeforeEach
    void open() {
        directory = Sample.filled(folder);
        done(directory.registrar().putPlan(new Plan("plus", 50L << 30, true, Plan.ServiceLevel.PREMIUM, 90)));
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private ImportReport run(String csv) {
        return done(directory.registrar().importCsv(new StringReader(csv), _ -> {}));
    }

    /// What comes from there, people take for the house's own word.
    @Test
    void nobodyIsGivenAnAddressThatABrandSpeaksAs() {
        Registrar registrar = directory.registrar();
        String taken = "what the brand itself speaks as";

        assertThat(refused(registrar.add(Registrar.NewAccount.of("Notices@posta.example", Password.clear("x"))))).contains(taken);
        assertThat(refused(registrar.add(Registrar.NewAccount.of("\"notices\"@virgola.example", Password.clear("x")))))
                .contains(taken);
        assertThat(refused(registrar.addAlias("anna@posta.example", "MAILER-DAEMON@posta.example"))).contains(taken);
        assertThat(run("address,aliases\nnotices@posta.example,\nelsa@posta.example,notices@posta.example\n").errors())
                .hasSize(2).allMatch(error -> error.contains(taken));
        assertThat(registrar.find("notices@posta.example")).isEmpty();
        done(registrar.add(Registrar.NewAccount.of("notices.anna@posta.example", Password.clear("x"))));
    }

    @Test
    void everyColumnReachesItsAccount() {
        ImportReport report = run("""
                \uFEFFaddress,name,password,plan,language,aliases,paid-until\r
                carla@posta.example,"Carla ""la"" Rossi, dott.",pass word ,plus,en,c@posta.example  info@posta.example,2027-01-31\r
                dario@posta.example,,{BLF-CRYPT}$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe\r

                elsa@virgola.example
                """);

        assertThat(report).isEqualTo(new ImportReport(3, 0, List.of()));
        Account carla = directory.registrar().find("info@posta.example").orElseThrow();
        assertThat(carla.displayName()).isEqualTo("Carla \"la\" Rossi, dott.");
        assertThat(carla.plan()).isEqualTo("plus");
        assertThat(carla.paidUntil()).isEqualTo(Instant.parse("2027-01-31T00:00:00Z"));
        assertThat(carla.language()).isEqualTo("en");
        assertThat(logIn(directory, "c@posta.example", "pass word ")).isInstanceOf(Verdict.Granted.class);
        assertThat(logIn(directory, "dario@posta.example", "password")).isInstanceOf(Verdict.Granted.class);
        assertThat(logIn(directory, "elsa@virgola.example", "password")).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void wrongRowsAreNamedAndTheOthersEnter() {
        ImportReport report = run("""
                address,plan,password,paid-until
                anna@posta.example,,x,
                nobody,,x,
                carla@elsewhere.example,,x,
                carla@posta.example,gold,x,
                carla@posta.example,,{BLF-CRYPT}nonsense,
                carla@posta.example,,x,soon
                carla@posta.example,,x,,,
                a..b@posta.example,,x,
                carla@posta.example,,x,
                CARLA@posta.example,,x,
                """);

        assertThat(report.added()).isEqualTo(1);
        assertThat(report.refused()).isEqualTo(9);
        assertThat(report.errors())
                .contains(
                        "line 2, column address: 'anna@posta.example' is taken",
                        "line 3, column address: must be like name@domain",
                        "line 5, column plan: 'gold' is no plan; there are free, plus",
                        "line 7, column paid-until: 'soon' is no date like 2027-01-31",
                        "line 8: 6 fields, 4 columns",
                        "line 11, column address: 'CARLA@posta.example' is taken");
        assertThat(logIn(directory, "carla@posta.example", "x")).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void aFileThatCannotBeReadIsRefusedOrReadUpToThere() {
        var registrar = directory.registrar();
        assertThat(refused(registrar.importCsv(new StringReader(""), _ -> {}))).isEqualTo("row 1: the file is empty");
        assertThat(refused(registrar.importCsv(new StringReader("name,plan\n"), _ -> {})))
                .isEqualTo("row 1: the column 'address' is missing");
        assertThat(refused(registrar.importCsv(new StringReader("address,pass\n"), _ -> {})))
                .isEqualTo("row 1: 'pass' is no column; there are address, password, name, plan, language, aliases, paid-until");

        ImportReport cut = run("address\ncarla@posta.example\n\"dario");
        assertThat(cut.added()).isEqualTo(1);
        assertThat(cut.errors()).containsExactly("line 3: a quote that is never closed; nothing after it was read");
    }

    @Test
    void fourThousandReadyMadeHashesTakeSecondsAndAreListedInOrder() {
        String hash = "{ARGON2ID}" + new Argon2(64, 1, 1).hash(Sample.bytes("casella"));
        var csv = new StringBuilder("address;password\n");
        for (int i = 0; i < 4_000; i++) csv.append("u%04d@posta.example;%s%n".formatted(i, hash));
        var progress = new ArrayList<Long>();
        long from = System.nanoTime();

        ImportReport report = done(directory.registrar().importCsv(new StringReader(csv.toString()), progress::add));

        assertThat(report.added()).isEqualTo(4_000);
        assertThat(progress).hasSize(9).isSorted();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(15));
        assertThat(logIn(directory, "u3999@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);
        var listed = new ArrayList<String>();
        String after = "";
        while (after != null) {
            Registrar.Listing page = directory.registrar().list(after, 999);
            page.accounts().forEach(account -> listed.add(account.address()));
            after = page.next();
        }
        assertThat(listed).hasSize(4_002).startsWith("Anna@posta.example", "bruno@virgola.example", "u0000@posta.example");
    }

    @Test
    void anyTextIsReadOrRefusedWithoutAnException() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        String letters = "\",;\r\n ab@.{}$\u00e8\0";
        for (int i = 0; i < 2_000; i++) {
            var csv = new StringBuilder(random.nextBoolean() ? "address,password\n" : "");
            for (int n = random.nextInt(60); n > 0; n--) csv.append(letters.charAt(random.nextInt(letters.length())));
            Answer<ImportReport> answer = directory.registrar().importCsv(new StringReader(csv.toString()), _ -> {});
            assertThat(answer).as("seed %d", seed).isNotNull();
        }
    }
}
