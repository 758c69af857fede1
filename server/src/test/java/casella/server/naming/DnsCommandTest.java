package casella.server.naming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.authenticity.DkimKey;
import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.Brand;
import casella.directory.SqliteDirectory;
import casella.dns.ZoneFile;
import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.config.Config;
import casella.server.control.NamingOrder;
import casella.server.control.Operations;
import casella.server.control.Outcome;
import casella.server.voice.BrandKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Proves that what is printed, pasted into a zone, is what is looked for; and that what is wrong there is named.
final class DnsCommandTest {
    private static final String DOMAIN = "posta.example";
    private static final String HOST = """

            web.posta.example. IN A 192.0.2.80
            ; casella: secure mx.posta.example
            """;

    @TempDir
    private static Path folder;
    private static Path zone;
    private static Path config;
    private static String printed;
    private static String compared;
    private static String key;
    private static SqliteDirectory directory;
    private static BrandKeys keys;

    @BeforeAll
    static void brand() throws IOException {
        zone = Files.writeString(folder.resolve("zone"), "posta.example. IN TXT nothing\n");
        config = Files.writeString(folder.resolve("casella.yaml"), """
                data: {folder: %s}
                mail: {hostname: mx.posta.example}
                listen: {imap-tls: 993, imap: 143, pop3: off, pop3-tls: 0, submission: 587, submission-tls: 465}
                http: {base-url: "https://web.posta.example"}
                dns: {zone-file: %s, dnssec: yes}
                publish:
                  addresses: ["192.0.2.25", "2001:db8::25"]
                  dmarc-reports: dmarc@reports.example
                  mta-sts: testing
                  tls-reports: mailto:tls@posta.example
                """.formatted(folder.resolve("data"), zone));
        Config read = read();
        Files.createDirectories(read.data().keys());
        Path run = Files.createDirectories(read.data().run());
        try (InputStream pem = DnsCommandTest.class.getResourceAsStream("/casella/server/naming/mx.crt")) {
            Files.write(run.resolve("tls.crt"), pem.readAllBytes());
        }
        try (var directory = SqliteDirectory.open(read.data().directory(), read.access().directory(),
                Metrics.none())) {
            directory.registrar().putBrand(new Brand("posta", "Posta", List.of(), "#1b6ac9", List.of("it")));
            directory.registrar().addDomain("posta", DOMAIN);
        }
        try (var before = BrandKeys.open(read.data().keys(), Clock.system())) {
            key = before.both(DOMAIN).getFirst().dnsName();
        }
        printed = casella(0, "dns", DOMAIN) + HOST;
        Files.writeString(zone, printed);
        compared = casella(0, "dns", "--brand", "posta", "--check");
        directory = SqliteDirectory.open(read.data().directory(), read.access().directory(), Metrics.none());
        keys = BrandKeys.open(read.data().keys(), Clock.system());
    }

    @AfterAll
    static void close() {
        keys.close();
        directory.close();
    }

    private static Config read() {
        return ((Config.Loaded.Good) Config.file(config, new Config.Overrides(null, 0))).config();
    }

    private static String casella(int code, String... order) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        List<String> words = new ArrayList<>(List.of(order));
        words.addAll(List.of("--config", config.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), folder);
        assertThat(Cli.run(terminal, new Server(), words.toArray(String[]::new))).as(out.toString(UTF_8))
                .isEqualTo(code);
        return out.toString(UTF_8);
    }

    /// What `--check` says of that zone.
    private static List<JsonNode> asked(int code, BrandKeys with, String text) {
        var rows = new ArrayList<JsonNode>();
        Outcome outcome = performed(new NamingOrder.Dns(DOMAIN, null, true), with, text, rows);
        assertThat(outcome.exitCode()).isEqualTo(code);
        return rows;
    }

    private static Outcome performed(NamingOrder order, BrandKeys with, String text, List<JsonNode> rows) {
        Config read = read();
        var sources = new NamingOrders.Sources(read, ZoneFile.of(text), ServedCertificate.hash(read),
                Clock.system());
        Operations none = (_, _, _) -> new Outcome.Refused("nobody's");
        return new NamingOrders(none, directory.registrar(), with, sources).perform(order,
                Reader.nullReader(),
                new Operations.Output() {
                    @Override
                    public void row(ObjectNode row) {
                        rows.add(row);
                    }

                    @Override
                    public void progress(long count) {}
                });
    }

    private static List<JsonNode> checked(int code, UnaryOperator<String> change) {
        return asked(code, keys, change.apply(printed));
    }

    private static JsonNode row(List<JsonNode> rows, String name, String type) {
        return rows.stream().filter(row -> row.path("name").asString().equals(name)
                && row.path("type").asString().equals(type)).findFirst().orElseThrow();
    }

    private void wrong(String name, String type, String state, UnaryOperator<String> change) {
        List<JsonNode> rows = checked(1, change);
        assertThat(row(rows, name, type).path("state").asString()).as(name).isEqualTo(state);
        assertThat(rows.stream().filter(row -> !row.path("state").asString().equals("present"))).as(name)
                .hasSize(1);
    }

    @Test
    void whatIsPrintedIsWhatIsLookedFor() throws Exception {
        List<JsonNode> rows = checked(0, zone -> zone);
        assertThat(rows).extracting(row -> row.path("state").asString()).containsOnly("present").hasSize(23);
        assertThat(rows).extracting(row -> row.path("type").asString() + " " + row.path("name").asString())
                .contains("MX " + DOMAIN, "TXT " + DOMAIN, "TXT _dmarc." + DOMAIN, "TXT _mta-sts." + DOMAIN,
                        "CNAME mta-sts." + DOMAIN, "TXT _smtp._tls." + DOMAIN, "TLSA _25._tcp.mx." + DOMAIN,
                        "TXT posta.example._report._dmarc.reports.example", "SRV _imaps._tcp." + DOMAIN,
                        "SRV _submissions._tcp." + DOMAIN, "SRV _jmap._tcp." + DOMAIN, "CNAME autoconfig."
                                + DOMAIN,
                        "PTR 25.2.0.192.in-addr.arpa",
                        "PTR 5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
                .doesNotContain("SRV _pop3s._tcp." + DOMAIN);
        assertThat(rows.stream().filter(row -> row.path("name").asString().contains("._domainkey.")))
                .hasSize(2);
        assertThat(row(rows, "_pop3._tcp." + DOMAIN, "SRV").path("data").asString()).isEqualTo("0 0 0 .");
        // openssl x509 -in mx.crt -noout -pubkey | openssl pkey -pubin -outform der | sha256sum
        assertThat(row(rows, "_25._tcp.mx." + DOMAIN, "TLSA").path("data").asString())
                .isEqualTo("3 1 1 a376a4f587948c9f0c4c3e7eb9746d069678ecc93a470e6b37e4a5a4ddf7130d");
        assertThat(compared).contains("0 missing, 0 differ, 0 unknown");
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        List<JsonNode> rows;
        Path empty = Files.createDirectories(folder.resolve("empty"));
        try (var none = BrandKeys.open(empty, Clock.system())) {
            rows = asked(1, none, "nothing.example. IN A 192.0.2.1\n");
        }
        assertThat(row(rows, DOMAIN, "MX").path("state").asString()).isEqualTo("missing");
        assertThat(row(rows, "_domainkey." + DOMAIN, "").path("state").asString()).isEqualTo("missing");
        assertThat(row(rows, "_domainkey." + DOMAIN, "").path("why").asString())
                .contains("casella brand dkim posta");
        wrong("_mta-sts." + DOMAIN, "TXT", "missing", zone -> zone.replace("_mta-sts.", "_other."));
        wrong("_imaps._tcp." + DOMAIN, "SRV", "missing", zone -> zone.replace("_imaps.", "_other."));
        wrong("autoconfig." + DOMAIN, "CNAME", "missing", zone -> zone.replace("autoconfig.", "other."));
    }

    @Test
    void whatSaysSomethingElseIsShown() throws Exception {
        wrong(DOMAIN, "MX", "differs", zone -> zone.replace("MX 10 mx.posta", "MX 10 mx.other"));
        wrong(DOMAIN, "TXT", "differs", zone -> zone.replace("ip4:192.0.2.25", "ip4:192.0.2.26")
                .replace("v=spf1 mx", "v=spf1"));
        wrong(DOMAIN, "TXT", "differs", zone -> zone + "posta.example. IN TXT \"v=spf1 -all\"\n");
        wrong("_dmarc." + DOMAIN, "TXT", "differs", zone -> zone.replace("p=none", "p=nothing"));
        wrong("_mta-sts." + DOMAIN, "TXT", "differs", zone -> zone.replace("STSv1; id=", "STSv1; id=0"));
        wrong("_imaps._tcp." + DOMAIN, "SRV", "differs", zone -> zone.replace("0 1 993", "0 1 994"));
        wrong("_pop3._tcp." + DOMAIN, "SRV", "differs", zone -> zone.replace("SRV 0 0 0 .",
                "SRV 0 0 110 mx.posta.example."));
        wrong("_25._tcp.mx." + DOMAIN, "TLSA", "differs", zone -> zone.replace("3 1 1 ", "3 0 1 "));
        wrong("_25._tcp.mx." + DOMAIN, "TLSA", "differs", zone -> zone.replace("casella: secure", "not:"));
        wrong("mx." + DOMAIN, "A", "differs", zone -> zone.replace("IN A 192.0.2.25", "IN A 192.0.2.9"));
        wrong("25.2.0.192.in-addr.arpa", "PTR", "differs", zone -> zone.replace("IN PTR mx.posta",
                "IN PTR mx.other")
                .replaceFirst("(ip6.arpa. 3600 IN PTR) mx.other", "$1 mx.posta"));
    }

    @Test
    void itIsTheSenseThatCounts() throws Exception {
        checked(0, zone -> zone
                .replace("\"v=DMARC1; p=none; rua=mailto:dmarc@reports.example\"", "\"v=DMARC1;p=reject\"")
                .replaceAll("\"v=DKIM1; k=([a-z0-9]+); p=", "\"k=$1;\" \" p= ")
                .replaceAll("autoconfig.posta.example. 3600 IN CNAME .*",
                        "autoconfig.posta.example. IN A 192.0.2.80")
                .replace("_pop3._tcp.posta.example. 3600 IN SRV 0 0 0 .", "")
                .replace("MX 10 mx", "MX 77 mx")
                .replace("v=spf1 mx ip4:192.0.2.25 ip6:2001:db8:0:0:0:0:0:25 ~all",
                        "v=spf1 include:all.posta.example -all\"\nall.posta.example. IN TXT \"v=spf1 a:mx.posta.example -all"));
        wrong(key, "TXT", "differs", zone ->
                zone.replaceFirst("(k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA.{20}).", "$1x"));
    }

    @Test
    void whoDoesNotAnswerIsNotMissing() throws Exception {
        List<JsonNode> rows = checked(1, zone -> zone + "; casella: timeout _dmarc.posta.example\n");
        JsonNode policy = row(rows, "_dmarc." + DOMAIN, "TXT");
        assertThat(policy.path("state").asString()).isEqualTo("unknown");
        assertThat(policy.path("found").toString()).contains("time out");
    }

    @Test
    void newKeysSignWhenTheDnsHasThem() throws IOException {
        Path other = Files.createDirectories(folder.resolve("rotated"));
        try (var own = BrandKeys.open(other, Clock.system())) {
            assertThat(stages(1, new NamingOrder.DkimRotate("posta", false, false), own, ""))
                    .containsExactly("none");
            List<DkimKey> first = own.both(DOMAIN);
            assertThat(stages(0, new NamingOrder.DkimRotate("posta", false, false), own, ""))
                    .containsExactly("next", "next");
            String one = own.next(DOMAIN).getFirst().zoneLine() + "\n";
            String both = one + own.next(DOMAIN).getLast().zoneLine() + "\n";
            List<JsonNode> rows = asked(1, own, both);
            assertThat(rows.stream().filter(row -> row.path("why").asString().contains("signs next"))
                    .map(row -> row.path("state").asString())).containsExactly("present", "present");

            assertThat(stages(1, new NamingOrder.DkimRotate("posta", true, false), own, one))
                    .containsExactly("not-found", "not-found");
            assertThat(own.signers(DOMAIN)).containsExactlyInAnyOrderElementsOf(first);
            assertThat(stages(0, new NamingOrder.DkimRotate("posta", true, false), own, both))
                    .containsExactly("signs", "signs");
            assertThat(own.signers(DOMAIN)).doesNotContainAnyElementsOf(first);
            assertThat(stages(0, new NamingOrder.DkimRetire("posta", 7), own, "")).isEmpty();
            assertThat(stages(0, new NamingOrder.DkimRetire("posta", 0), own, "")).containsExactly("retired",
                    "retired");
            assertThat(asked(1, own, both).stream().filter(row -> row.path("name").asString()
                    .contains("._domainkey.")))
                    .hasSize(2);
        }
    }

    /// What is left of two new keys is not enough, until the other is made again.
    @Test
    void newKeysSignWhenThereIsOneOfEachKind() throws IOException {
        Path other = Files.createDirectories(folder.resolve("half"));
        DkimKey lost;
        try (var own = BrandKeys.open(other, Clock.system())) {
            var _ = own.both(DOMAIN);
            lost = own.rotate(DOMAIN).stream().filter(BrandKeys::isEd25519).findFirst().orElseThrow();
        }
        Files.delete(other.resolve("dkim." + DOMAIN + "." + lost.selector() + ".key"));
        try (var own = BrandKeys.open(other, Clock.system())) {
            String one = own.next(DOMAIN).getFirst().zoneLine() + "\n";
            assertThat(stages(1, new NamingOrder.DkimRotate("posta", true, false), own, one))
                    .containsExactly("not-found");
            assertThat(stages(0, new NamingOrder.DkimRotate("posta", false, false), own, one)).hasSize(2);
        }
    }

    private static List<String> stages(int code, NamingOrder order, BrandKeys with, String text) {
        var rows = new ArrayList<JsonNode>();
        assertThat(performed(order, with, text + HOST, rows).exitCode()).isEqualTo(code);
        return rows.stream().map(row -> row.path("stage").asString()).toList();
    }

    @Test
    void onlyDomainsOfOurs() {
        assertThat(refused(new NamingOrder.Dns("other.example", null, false))).contains("no domain of ours");
        assertThat(refused(new NamingOrder.Dns(null, "virgola", false))).contains("there is no 'virgola'");
    }

    private static String refused(NamingOrder order) {
        return ((Outcome.Refused) performed(order, keys, printed, new ArrayList<>())).message();
    }
}
