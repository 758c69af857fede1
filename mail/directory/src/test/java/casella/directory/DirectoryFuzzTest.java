package casella.directory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.directory.Authenticator.Verdict;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Searches for text that an outsider can send and that is not answered: SCRAM messages, addresses, CSV, hashes.
class DirectoryFuzzTest {
    private static final ScramKeys KEYS = ScramKeys.of("pencil", new byte[16], 4_096);

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// The first line is the first message, the rest the last one.
    @FuzzTest
    void scram(byte[] messages) {
        var accounts = new ScramExchange.Accounts(
                (_, _) -> KEYS,
                (_, _, proved) -> {
                    assertThat(proved).isFalse();
                    return new Verdict.Denied();
                },
                Optional::empty);
        String[] lines = text(messages).split("\n", 2);
        var exchange = new ScramExchange(accounts, Sample.HERE, "nonce");
        if (exchange.first(Sample.bytes(lines[0])) instanceof ScramExchange.Step.Challenge && lines.length == 2) {
            assertThat(exchange.last(Sample.bytes(lines[1])).verdict()).isEqualTo(new Verdict.Denied());
        }
    }

    @FuzzTest
    void address(byte[] bytes) {
        String address = text(bytes);
        Addresses.parts(address).ifPresent(parts -> {
            assertThat(parts.local()).isNotEmpty();
            assertThat(Addresses.domainKey(parts.domain())).isEqualTo(parts.domain());
        });
        if (Addresses.whyNotNew(address).isEmpty()) {
            Addresses.Parts parts = Addresses.parts(address).orElseThrow();
            assertThat(Addresses.parts(parts.key()).orElseThrow().key()).isEqualTo(parts.key());
        }
    }

    @FuzzTest
    void csv(byte[] bytes) {
        var reader = new CsvReader(new StringReader(text(bytes)));
        try {
            for (CsvReader.Row row; (row = reader.next()) != null; ) assertThat(row.fields()).isNotEmpty();
        } catch (CsvReader.Malformed e) {
            assertThat(e).hasMessageStartingWith("line ");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @FuzzTest
    void hash(byte[] bytes) {
        String hash = text(bytes);
        if (costly(hash)) return;
        PasswordHash.kept(hash)
                .ifPresent(kept -> assertThat(PasswordHash.fits(kept, Sample.bytes("no such"), null)).isFalse());
        SaslPrep.prepare(hash).ifPresent(prepared -> assertThat(SaslPrep.prepare(prepared)).contains(prepared));
    }

    /// Hashes within the limits may still take a second each.
    private static boolean costly(String hash) {
        return hash.matches("(?s).*(m=\\d{5,}|t=\\d\\d|rounds=\\d{5,}|\\$2.\\$(0[6-9]|1)).*");
    }
}
