package casella.directory;

import static casella.directory.Sample.bytes;
import static casella.directory.Sample.done;
import static casella.directory.Sample.logIn;
import static org.assertj.core.api.Assertions.assertThat;

import casella.directory.Authenticator.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the right password opens the account, at once when it is known, and that nothing else does.
class LogInTest {
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

    @Test
    void theRightPasswordIsGrantedTwiceAndOthersDenied() {
        for (int i = 0; i < 2; i++) {
            assertThat(logIn(directory, "ANNA@posta.example", "casella"))
                    .isInstanceOfSatisfying(Verdict.Granted.class, granted ->
                            assertThat(granted.account().address()).isEqualTo("Anna@posta.example"));
            assertThat(logIn(directory, "anna@posta.example", "Casella")).isEqualTo(new Verdict.Denied());
            assertThat(logIn(directory, "anna@posta.example", "")).isEqualTo(new Verdict.Denied());
            assertThat(logIn(directory, "carla@posta.example", "casella")).isEqualTo(new Verdict.Denied());
            assertThat(logIn(directory, "anna+x@posta.example", "casella")).isEqualTo(new Verdict.Denied());
            assertThat(logIn(directory, "anna", "casella")).isEqualTo(new Verdict.Denied());
            assertThat(logIn(directory, "anna@posta.example", "x".repeat(2_000))).isEqualTo(new Verdict.Denied());
        }
    }

    @Test
    void aChangedPasswordIsNotKnownAnyMore() {
        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);
        assertThat(logIn(directory, "anna@posta.example", "new one")).isInstanceOf(Verdict.Denied.class);

        done(directory.registrar().setPassword("anna@posta.example", Password.clear("new one")));

        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Denied.class);
        assertThat(logIn(directory, "anna@posta.example", "new one")).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void aGrantEndsWithThePasswordAndWithTheAccountAndWithNothingElse() {
        assertThat(logIn(directory, "bruno@virgola.example", "casella"))
                .isInstanceOfSatisfying(Verdict.Granted.class, bruno -> {
                    done(directory.registrar().addAlias("anna@posta.example", "other@posta.example"));
                    var first = granted("casella");
                    done(directory.registrar().addAlias("anna@posta.example", "another@posta.example"));
                    assertThat(first.stands()).isTrue();

                    done(directory.registrar().setPassword("anna@posta.example", Password.clear("new one")));
                    assertThat(first.stands()).isFalse();

                    var second = granted("new one");
                    assertThat(second.stands()).isTrue();
                    done(directory.registrar().disable("anna@posta.example"));
                    done(directory.registrar().enable("anna@posta.example"));
                    assertThat(second.stands()).isFalse();
                    assertThat(bruno.grant().stands()).isTrue();
                });
    }

    private Authenticator.Grant granted(String password) {
        return ((Verdict.Granted) logIn(directory, "anna@posta.example", password)).grant();
    }

    @Test
    void aDisabledAccountSaysSoOnlyToItsOwner() {
        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);
        done(directory.registrar().disable("anna@posta.example"));

        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.AccountDisabled.class);
        assertThat(logIn(directory, "anna@posta.example", "wrong")).isInstanceOf(Verdict.Denied.class);

        done(directory.registrar().wipe("anna@posta.example"));
        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void passwordsThatLookEqualAreEqual() {
        done(directory.registrar().setPassword("anna@posta.example", Password.clear("caff\u00e8\u00a0\u2168")));

        assertThat(logIn(directory, "anna@posta.example", "caffe\u0300 IX")).isInstanceOf(Verdict.Granted.class);
        assertThat(Sample.refused(directory.registrar().setPassword("anna@posta.example", Password.clear("a\u0007"))))
                .startsWith("password: ");
        assertThat(directory.authenticator().verify("anna@posta.example", new byte[] {(byte) 0xE8, 'x'}, Sample.HERE))
                .isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void aHashOfAnotherSystemServesOnceAndBecomesOurs() {
        String bcrypt = "{BLF-CRYPT}$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe"; // "password"
        done(directory.registrar().setPassword("anna@posta.example", Password.either(bcrypt)));
        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        assertThat(directory.credentials(anna.id()).getFirst().keys()).isEmpty();

        assertThat(logIn(directory, "anna@posta.example", "wrong")).isInstanceOf(Verdict.Denied.class);
        assertThat(logIn(directory, "anna@posta.example", "password")).isInstanceOf(Verdict.Granted.class);

        Rows.Credential after = directory.credentials(anna.id()).getFirst();
        assertThat(after.hash()).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(after.keys().orElseThrow().fits("password")).isTrue();
        assertThat(logIn(directory, "anna@posta.example", "password")).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void raisedParametersReachTheHashAtTheNextLogIn() {
        directory.close();
        directory = Sample.open(folder, DirectorySettings.DEFAULT.with(new Argon2(128, 2, 1), 5_000));

        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);

        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        assertThat(directory.credentials(anna.id()).getFirst().hash()).startsWith("$argon2id$v=19$m=128,t=2,p=1$");
    }

    @Test
    void tooManyFailuresMakeAnAddressWaitAndLoopbackNever() {
        directory.close();
        directory = Sample.open(
                folder, DirectorySettings.cheap().withThrottle(3, Duration.ofMinutes(10), false));
        var attacker = Sample.origin("192.0.2.7");
        for (int i = 0; i < 3; i++) {
            assertThat(directory.authenticator().verify("anna@posta.example", bytes("guess" + i), attacker))
                    .isInstanceOf(Verdict.Denied.class);
            assertThat(directory.authenticator().verify("anna@posta.example", bytes("guess" + i), Sample.HERE))
                    .isInstanceOf(Verdict.Denied.class);
        }

        assertThat(directory.authenticator().verify("anna@posta.example", bytes("casella"), attacker))
                .isInstanceOfSatisfying(Verdict.TryLater.class, later ->
                        assertThat(later.after()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10)));
        assertThat(directory.authenticator().verify("anna@posta.example", bytes("casella"), Sample.origin("192.0.2.8")))
                .isInstanceOf(Verdict.Granted.class);
        assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void tokensAndProofsAreCountedWherePasswordsAre() {
        directory.close();
        directory = Sample.open(
                folder, DirectorySettings.cheap().withThrottle(3, Duration.ofMinutes(10), false));
        Authenticator authenticator = directory.authenticator();
        var attacker = Sample.origin("192.0.2.7");
        assertThat(authenticator.vouched(Optional.empty(), attacker)).isEqualTo(new Verdict.Denied());
        assertThat(authenticator.vouched(Optional.of("nobody@posta.example"), attacker)).isEqualTo(new Verdict.Denied());
        var proof = authenticator.scram(attacker);
        proof.first(bytes("n,,n=anna@posta.example,r=abc"));
        assertThat(proof.last(bytes("c=biws,r=abc,p=AAAA")).verdict()).isEqualTo(new Verdict.Denied());

        Optional<String> anna = Optional.of("anna@posta.example");
        assertThat(authenticator.vouched(anna, attacker)).isInstanceOf(Verdict.TryLater.class);
        assertThat(authenticator.scram(attacker).first(bytes("n,,n=anna@posta.example,r=abc")))
                .isInstanceOfSatisfying(ScramExchange.Step.Finished.class,
                        over -> assertThat(over.verdict()).isInstanceOf(Verdict.TryLater.class));
        assertThat(authenticator.vouched(anna, Sample.HERE)).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void whomATokenNamesIsLetInAsLongAsTheAccountMayBeUsed() {
        Optional<String> anna = Optional.of("Anna@posta.example");
        var granted = (Verdict.Granted) directory.authenticator().vouched(anna, Sample.HERE);
        assertThat(granted.account().address()).isEqualToIgnoringCase("anna@posta.example");
        assertThat(granted.grant().stands()).isTrue();

        done(directory.registrar().disable("anna@posta.example"));

        assertThat(granted.grant().stands()).isFalse();
        assertThat(directory.authenticator().vouched(anna, Sample.HERE))
                .isEqualTo(new Verdict.AccountDisabled());
    }

    @Test
    void aDeviceRepeatingAnOldPasswordIsCountedOnce() {
        directory.close();
        directory = Sample.open(folder, DirectorySettings.cheap().withThrottle(3, Duration.ofMinutes(10), false));
        var home = Sample.origin("2001:db8:1:2::7");
        for (int i = 0; i < 50; i++) {
            assertThat(directory.authenticator().verify("anna@posta.example", bytes("old"), home))
                    .isEqualTo(new Verdict.Denied());
        }
        assertThat(directory.authenticator().verify("anna@posta.example", bytes("casella"), home))
                .isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void logInsPasswordChangesAndLookUpsGoOnAtOnce() throws Exception {
        var wrong = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 64; i++) {
            int n = i;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int j = 0; j < 20; j++) {
                    boolean bruno = logIn(directory, "bruno@virgola.example", "casella") instanceof Verdict.Granted;
                    boolean anna = directory.resolve("anna@posta.example") instanceof Resolution.Local;
                    if (!bruno || !anna) wrong.incrementAndGet();
                    if (n == 0) done(directory.registrar().setPassword("anna@posta.example", Password.clear("p" + j)));
                    else if (logIn(directory, "anna@posta.example", "never") instanceof Verdict.Granted) wrong.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) thread.join();

        assertThat(wrong).hasValue(0);
        assertThat(logIn(directory, "anna@posta.example", "p19")).isInstanceOf(Verdict.Granted.class);
        assertThat(logIn(directory, "anna@posta.example", "p18")).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void noPasswordIsOnDisk() throws Exception {
        done(directory.registrar().setPassword("anna@posta.example", Password.clear("a-very-special-secret")));
        assertThat(logIn(directory, "anna@posta.example", "a-very-special-secret")).isInstanceOf(Verdict.Granted.class);
        directory.close();

        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("a-very-special-secret");
            }
        }
        assertThat(Password.clear("x").toString()).isEqualTo("Password[clear]");
    }
}
