package casella.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves that an empty file serves, that every value reaches its record, and that what is wrong is named with its line.
class ConfigTest {
    private static final Config.Overrides NONE = new Config.Overrides(null, 0);

    private static Config good(String yaml, Config.Overrides overrides) {
        return switch (Config.text(yaml, overrides)) {
            case Config.Loaded.Good(Config config) -> config;
            case Config.Loaded.Bad(List<Problem> problems) -> throw new AssertionError(problems);
        };
    }

    private static List<String> problems(String yaml) {
        return switch (Config.text(yaml, NONE)) {
            case Config.Loaded.Good _ -> List.of();
            case Config.Loaded.Bad(List<Problem> problems) ->
                problems.stream().map(Problem::toString).toList();
        };
    }

    @Test
    void anEmptyFileServes() {
        Config config = good("", NONE);

        assertThat(config.listen().imap()).hasValue(2_143);
        assertThat(config.imap().idleTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.data().pack()).isEqualTo(Path.of("casella-data/vaults/pack").toAbsolutePath());
        assertThat(good("# nothing\n", NONE)).isEqualTo(config);
        assertThat(good("imap:\n", NONE)).isEqualTo(config);
    }

    @Test
    void valuesReachTheirRecords() {
        Config config = good(
                """
                data:
                  folder: /srv/casella
                  tail: /fast/tail
                listen:
                  pop3: off
                  imap: 0
                  port-offset: 10
                imap: {idle-timeout: 2h, line-bytes-max: 16KiB}
                access:
                  plain-login-on-loopback: no
                  argon2-memory: 64MiB
                dns:
                  servers: [192.0.2.53, "2001:db8::53#5353"]
                """,
                NONE);

        assertThat(config.data().tail()).isEqualTo(Path.of("/fast/tail"));
        assertThat(config.data().run()).isEqualTo(Path.of("/srv/casella/run"));
        assertThat(config.listen().pop3()).isEmpty();
        assertThat(config.listen().imap()).hasValue(0);
        assertThat(config.listen().smtp()).hasValue(2_535);
        assertThat(config.imap().idleTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(config.imap().lineBytesMax()).isEqualTo(16_384);
        assertThat(config.access().plainLoginOnLoopback()).isFalse();
        assertThat(config.access().directory().argon2().memoryKib()).isEqualTo(65_536);
        assertThat(config.dns().servers()).containsExactly("192.0.2.53", "2001:db8::53#5353");
    }

    @Test
    void theCommandLineGoesBeforeTheFile() {
        Config config = good(
                "data: {folder: /srv/casella}\nlisten: {port-offset: 10}\n", new Config.Overrides(Path.of("/tmp/x"), 500));

        assertThat(config.data().engine()).isEqualTo(Path.of("/tmp/x/engine"));
        assertThat(config.listen().smtp()).isEqualTo(OptionalInt.of(3_025));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "imap: {idle-timeout: 10m}            | line 1: imap.idle-timeout: must be at least 30m (RFC 9051 §5.4)",
        "imap: {idle-timeout: 30}             | line 1: imap.idle-timeout: must be a time like 30s, 10m or 2h",
        "imap: {idle-timeouts: 30m}           | line 1: imap.idle-timeouts: is no key; did you mean imap.idle-timeout?",
        "imap: {zzzzzzzz: 1}                  | line 1: imap.zzzzzzzz: is no key",
        "imaps: {idle-timeout: 30m}           | line 1: imaps: is no section; did you mean imap?",
        "imap: {line-bytes-max: [1]}          | line 1: imap.line-bytes-max: must be a size like 64KiB or 50MiB",
        "imap: {line-bytes-max: 99TiB}        | line 1: imap.line-bytes-max: must be 8KiB to 1MiB",
        "imap: {line-bytes-max: {a: b}}       | line 1: imap.line-bytes-max: must be a value, not a section",
        "listen: {smtp: 99999}                | line 1: listen.smtp: must be 0 to 65535, or off",
        "log: {level: loud}                   | line 1: log.level: must be one of debug, info, warning, error",
        "access: {throttle-loopback: maybe}   | line 1: access.throttle-loopback: must be yes or no",
        "store: {ack: 3}                      | line 1: store.ack: must be at most store.copies",
        "store: {ack-min: 2, ack: 1}          | line 1: store.ack-min: must be at most store.ack",
        "store: {copies: 3}                   | line 1: store.copies: must be at most the number of vaults, which is 2 (pack, rocksdb)",
        "store: {distinct: color}             | line 1: store.distinct: must be one of technology, instance",
        "tls: {key: a.pem}                    | line 1: tls.key: needs tls.certificate too",
        "[a]                                  | line 1: must be sections like `imap:` with keys below",
        "imap: 5                              | line 1: imap: must be a section with keys below",
    })
    void whatIsWrongIsNamed(String yaml, String problem) {
        assertThat(problems(yaml)).containsExactly(problem);
    }

    @Test
    void allProblemsAreFoundAtOnceInOrder() {
        assertThat(problems("""
                        pop3:
                          idle-timeout: 1m
                        imap:
                          bad-commands-max: 1
                          bad-commands-max: 5
                          idel-timeout: 1h
                        """))
                .containsExactly(
                        "line 2: pop3.idle-timeout: must be at least 10m (RFC 1939 §3)",
                        "line 5: imap.bad-commands-max: is there twice",
                        "line 6: imap.idel-timeout: is no key; did you mean imap.idle-timeout?");
    }

    @Test
    void whatIsNoYamlIsSaid(@TempDir Path folder) throws Exception {
        assertThat(problems("imap: [")).hasSize(1).first().asString().startsWith("line 1: is no YAML");
        assertThat(problems("a: &a [1]\nb: *a\n")).isNotEmpty();

        Path latin = folder.resolve("c.yaml");
        Files.write(latin, "log: {level: è}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Config.file(latin, NONE)).isEqualTo(new Config.Loaded.Bad(List.of(new Problem(0, "", "the file must be UTF-8"))));
        assertThat(Config.file(folder.resolve("none"), NONE)).isInstanceOf(Config.Loaded.Bad.class);
    }

    @Test
    void anyTextIsReadOrRefusedWithoutAnException() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        String letters = "imap:\n -[]{}#&*!|>'\"%@`,\t\0é?~0";
        for (int i = 0; i < 3_000; i++) {
            var yaml = new StringBuilder("imap:\n");
            for (int n = random.nextInt(40); n > 0; n--) yaml.append(letters.charAt(random.nextInt(letters.length())));
            assertThat(Config.text(yaml.toString(), NONE)).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void everyKeyOfTheReferenceIsReadAndItsDefaultIsItself() {
        List<Section.Entry> entries = Config.sections().stream().flatMap(s -> s.entries().stream()).toList();

        assertThat(entries).hasSizeGreaterThan(50).allSatisfy(entry -> {
            assertThat(entry.meaning()).as(entry.key()).isNotBlank().endsWith(".");
            assertThat(entry.key()).matches("[a-z0-9]+\\.[a-z0-9-]+");
        });
        var yaml = new StringBuilder();
        for (Section section : Config.sections()) {
            yaml.append(section.name()).append(":\n");
            section.entries().stream()
                    .filter(e -> !Stream.of("none", "path", "text", "list").toList().contains(e.kind()))
                    .forEach(e -> yaml.append("  %s: %s%n".formatted(e.key().split("\\.")[1], e.otherwise())));
        }
        assertThat(good(yaml.toString(), NONE)).isEqualTo(good("", NONE));
    }
}
