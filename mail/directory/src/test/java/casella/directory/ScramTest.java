package casella.directory;

import static casella.directory.Sample.bytes;
import static casella.directory.Sample.done;
import static org.assertj.core.api.Assertions.assertThat;

import casella.directory.Authenticator.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves that SCRAM-SHA-256 is spoken as RFC 7677 §3 shows it, and that no broken message gets further.
class ScramTest {
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final ScramKeys PENCIL = ScramKeys.of("pencil", SALT, 4_096);
    private static final Account USER = new Account(
            new casella.base.AccountId(7), "user", "b", "free", "", Account.State.ACTIVE, Instant.EPOCH, null, "en");

    private static ScramExchange exchange() {
        var accounts = new ScramExchange.Accounts(
                (_, _) -> PENCIL,
                (_, _, proved) -> proved ? new Verdict.Granted(USER) : new Verdict.Denied(),
                Optional::empty);
        return new ScramExchange(accounts, Sample.HERE, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    @Test
    void theExampleOfTheRfcIsAnsweredToTheLetter() {
        ScramExchange exchange = exchange();

        var first = (ScramExchange.Step.Challenge) exchange.first(bytes("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
        assertThat(text(first.message()))
                .isEqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");

        var last = exchange.last(bytes("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
        assertThat(text(last.message())).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(last.verdict()).isEqualTo(new Verdict.Granted(USER));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "n,,n=user                                         | e=invalid-encoding",
        "n,,r=abc,n=user                                   | e=invalid-encoding",
        "p=tls-exporter,,n=user,r=abc                      | e=channel-binding-not-supported",
        "n,,m=new,n=user,r=abc                             | e=extensions-not-supported",
        "n,a=other,n=user,r=abc                            | e=other-error",
        "n,,n=us=er,r=abc                                  | e=invalid-username-encoding",
        "n,,n=us\u0007er,r=abc                             | e=invalid-username-encoding",
        "n,,n=user,r=                                      | e=invalid-encoding",
        "x,,n=user,r=abc                                   | e=invalid-encoding",
    })
    void aBrokenFirstMessageEndsTheExchange(String message, String error) {
        var step = (ScramExchange.Step.Finished) exchange().first(bytes(message));

        assertThat(text(step.message())).isEqualTo(error);
        assertThat(step.verdict()).isEqualTo(new Verdict.Denied());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA                                       | e=invalid-proof",
        "c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=                                            | e=invalid-proof",
        "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ= | e=channel-bindings-dont-match",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=!                                          | e=invalid-encoding",
        "c=biws                                                                                                   | e=invalid-encoding",
    })
    void aBrokenLastMessageIsNeverGranted(String message, String error) {
        ScramExchange exchange = exchange();
        exchange.first(bytes("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));

        var step = exchange.last(bytes(message));

        assertThat(text(step.message())).isEqualTo(error);
        assertThat(step.verdict()).isEqualTo(new Verdict.Denied());
    }

    private static final Map<String, byte[]> CHANNEL =
            Map.of("tls-exporter", bytes("exported"), "tls-server-end-point", bytes("hash"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "true  | n,,n=user,r=abc                  | e=other-error",
        "true  | y,,n=user,r=abc                  | e=other-error",
        "true  | p=tls-unique,,n=user,r=abc       | e=unsupported-channel-binding-type",
        "true  | p=,,n=user,r=abc                 | e=unsupported-channel-binding-type",
        "false | p=tls-exporter,,n=user,r=abc     | e=channel-binding-not-supported",
        "false | y,,n=user,r=abc                  | e=server-does-support-channel-binding",
    })
    void whoeverTookAnOfferAwayIsNoticed(boolean plus, String message, String error) {
        var step = (ScramExchange.Step.Finished) exchange().bound(CHANNEL, plus).first(bytes(message));

        assertThat(text(step.message())).isEqualTo(error);
        assertThat(step.verdict()).isEqualTo(new Verdict.Denied());
    }

    @ParameterizedTest
    @CsvSource({
        "tls-exporter, exported, true", "tls-exporter, hash, false", "tls-exporter, '', false",
        "tls-server-end-point, hash, true", "tls-server-end-point, exported, false",
    })
    void aLogInIsBoundToItsConnection(String type, String said, boolean granted) {
        ScramExchange exchange = exchange().bound(CHANNEL, true);
        String header = "p=" + type + ",,";
        var challenge = (ScramExchange.Step.Challenge) exchange.first(bytes(header + "n=user,r=abc"));
        byte[] last = proof("n=user,r=abc", text(challenge.message()), header + said, PENCIL, "pencil");

        assertThat(exchange.last(last).verdict() instanceof Verdict.Granted).isEqualTo(granted);
    }

    @Test
    void whoCannotBindIsTakenWhereItCannotBeDoneOrIsNotAskedFor() {
        for (String header : new String[] {"n,,", "y,,"}) {
            ScramExchange exchange = header.startsWith("y") ? exchange() : exchange().bound(CHANNEL, false);
            var challenge = (ScramExchange.Step.Challenge) exchange.first(bytes(header + "n=user,r=abc"));
            byte[] last = proof("n=user,r=abc", text(challenge.message()), header, PENCIL, "pencil");

            assertThat(exchange.last(last).verdict()).isInstanceOf(Verdict.Granted.class);
            assertThat(exchange.login()).isEqualTo("user");
        }
    }

    @Test
    void randomChangesToTheMessagesAreNeverGranted() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] good = bytes("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        for (int i = 0; i < 5_000; i++) {
            ScramExchange exchange = exchange();
            byte[] first = bytes("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
            if (random.nextBoolean()) first[random.nextInt(first.length)] ^= (byte) (1 + random.nextInt(255));
            if (!(exchange.first(first) instanceof ScramExchange.Step.Challenge)) continue;
            byte[] last = good.clone();
            last[random.nextInt(last.length - 2)] ^= (byte) (1 + random.nextInt(255));
            assertThat(exchange.last(last).verdict()).as("seed %d, round %d", seed, i).isEqualTo(new Verdict.Denied());
        }
    }

    @Test
    void anAccountIsEnteredByItsProofAndTheSaltOfAStrangerStaysTheSame(@TempDir Path folder) {
        try (SqliteDirectory directory = Sample.filled(folder)) {
            assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.Granted.class);
            assertThat(logIn(directory, "anna@posta.example", "other")).isInstanceOf(Verdict.Denied.class);
            assertThat(logIn(directory, "nobody@posta.example", "casella")).isInstanceOf(Verdict.Denied.class);

            ScramKeys once = directory.authenticator().scramKeys("nobody@posta.example");
            assertThat(directory.authenticator().scramKeys("NOBODY@posta.example")).isEqualTo(once);
            assertThat(directory.authenticator().scramKeys("nobody2@posta.example")).isNotEqualTo(once);

            done(directory.registrar().disable("anna@posta.example"));
            assertThat(logIn(directory, "anna@posta.example", "casella")).isInstanceOf(Verdict.AccountDisabled.class);
        }
    }

    /// Plays the client's side. RFC 5802 §3.
    private static Verdict logIn(SqliteDirectory directory, String login, String password) {
        ScramExchange exchange = directory.authenticator().scram(Sample.HERE);
        String bare = "n=" + login + ",r=abcdef";
        var challenge = (ScramExchange.Step.Challenge) exchange.first(bytes("n,," + bare));
        String serverFirst = text(challenge.message());
        String[] parts = serverFirst.split(",");
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        ScramKeys keys = ScramKeys.of(password, salt, Integer.parseInt(parts[2].substring(2)));
        return exchange.last(proof(bare, serverFirst, "n,,", keys, password)).verdict();
    }

    /// Returns the client-final-message.
    private static byte[] proof(
            String bare, String serverFirst, String binding, ScramKeys keys, String password) {
        byte[] clientKey = ScramKeys.clientKey(password, keys.salt(), keys.iterations());
        String without = "c=" + Base64.getEncoder().encodeToString(bytes(binding)) + "," + serverFirst.split(",")[0];
        byte[] proof = ScramKeys.hmac(keys.storedKey(), bytes(bare + "," + serverFirst + "," + without));
        for (int i = 0; i < proof.length; i++) proof[i] ^= clientKey[i];
        return bytes(without + ",p=" + Base64.getEncoder().encodeToString(proof));
    }
}
