package casella.authenticity;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.dns.Kind;
import casella.dns.Mx;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Proves that SPF says what the public vectors of RFC 7208 want, where they are beside this checkout.
final class SpfVectorsTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("casella.root", "../..")).resolve("../shared/data/spf/rfc7208-tests.json");
    private static final List<Kind<?>> KINDS = List.of(Kind.A, Kind.AAAA, Kind.MX, Kind.TXT, Kind.PTR);

    @Test
    void allVectorsGiveWhatTheyWant() throws IOException {
        if (!Files.exists(VECTORS)) {
            System.out.println("SPF vectors are not beside this checkout; those of our own alone were run");
            return;
        }
        int seen = 0;
        var wrong = new ArrayList<String>();
        for (JsonNode scenario : JsonMapper.builder().build().readTree(Files.readString(VECTORS))) {
            KnownNames zone = zone(scenario.get("zonedata"));
            for (Map.Entry<String, JsonNode> each : scenario.get("tests").properties()) {
                seen++;
                failure(zone, each.getValue()).ifPresent(why -> wrong.add(each.getKey() + ": " + why));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isEqualTo(203);
    }

    private static Optional<String> failure(KnownNames zone, JsonNode test) throws IOException {
        InetAddress peer = InetAddress.getByName(test.get("host").stringValue());
        Spf.Outcome got = Spf.check(zone, peer, test.get("helo").stringValue(), test.get("mailfrom").stringValue(),
                "receiver.example", Clock.system());
        var wanted = new TreeSet<String>();
        JsonNode result = test.get("result");
        if (result.isArray()) for (JsonNode one : result) wanted.add(one.stringValue());
        else wanted.add(result.stringValue());
        if (!wanted.contains(got.result().word())) return Optional.of(wanted + " wanted, got " + got);
        if (!test.has("explanation") || got.result() != Spf.Result.FAIL) return Optional.empty();
        String explanation = test.get("explanation").stringValue();
        String said = got.explanation().orElse("DEFAULT");
        return said.equals(explanation) ? Optional.empty() : Optional.of(explanation + " wanted, got " + said);
    }

    /// As the vectors' own driver reads them: SPF records are TXT records of names that say nothing about TXT, and `TIMEOUT` is what
    /// comes of every type that the name has no record of.
    private static KnownNames zone(JsonNode data) throws IOException {
        var zone = new KnownNames();
        for (Map.Entry<String, JsonNode> each : data.properties()) {
            String name = each.getKey();
            var _ = zone.types(name);
            boolean text = false;
            boolean failing = false;
            for (JsonNode record : each.getValue()) text |= record.has("TXT");
            for (JsonNode record : each.getValue()) {
                if (record.isString()) {
                    failing = true;
                    continue;
                }
                Map.Entry<String, JsonNode> one = record.properties().iterator().next();
                add(zone, name, one.getKey(), one.getValue(), text);
            }
            for (Kind<?> kind : KINDS) {
                if (failing && !zone.types(name).containsKey(kind.toString())) zone.failing(name, kind);
            }
        }
        return zone;
    }

    private static void add(KnownNames zone, String name, String type, JsonNode value, boolean text)
            throws IOException {
        switch (type) {
            case "A" -> zone.with(name, Kind.A, InetAddress.getByName(value.stringValue()));
            case "AAAA" -> zone.with(name, Kind.AAAA, InetAddress.getByName(value.stringValue()));
            case "MX" -> zone.with(name, Kind.MX, new Mx(value.get(0).intValue(), trimmed(value.get(1).stringValue())));
            case "PTR" -> zone.with(name, Kind.PTR, trimmed(value.stringValue()));
            case "CNAME" -> zone.alias(name, value.stringValue());
            case "TXT", "SPF" -> {
                var joined = new StringBuilder();
                if (value.isArray()) for (JsonNode string : value) joined.append(string.stringValue());
                else joined.append(value.stringValue());
                boolean none = joined.toString().equals("NONE");
                if (!none && (type.equals("TXT") || !text)) zone.txt(name, joined.toString());
            }
            default -> throw new IllegalStateException(type);
        }
    }

    private static String trimmed(String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
