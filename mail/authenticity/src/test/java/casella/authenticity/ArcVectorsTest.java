package casella.authenticity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Proves that chains are what the public vectors of RFC 8617 say they are, where they are beside this checkout.
final class ArcVectorsTest {
    private static final Path VECTORS = Path.of(System.getProperty("casella.root", "../.."))
            .resolve("../shared/data/arc/arc-draft-validation-tests.json");

    @Test
    void allVectorsGiveWhatTheyWant() throws IOException {
        if (!Files.exists(VECTORS)) {
            System.out.println("ARC vectors are not beside this checkout; those of our own alone were run");
            return;
        }
        int seen = 0;
        var wrong = new ArrayList<String>();
        for (JsonNode suite : JsonMapper.builder().build().readTree(Files.readString(VECTORS))) {
            Map<String, KeyRecord> keys = new HashMap<>();
            for (Map.Entry<String, JsonNode> key : suite.get("txt-records").properties()) {
                keys.put(key.getKey(), KeyRecord.of(key.getValue().stringValue()));
            }
            for (Map.Entry<String, JsonNode> each : suite.get("tests").properties()) {
                seen++;
                byte[] mail = each.getValue().get("message").stringValue().replace("\n", "\r\n").getBytes(UTF_8);
                Arc.Chain chain = CutMail.of(mail).map(Arc::of).map(arc -> arc.verified(keys))
                        .orElse(Arc.Chain.NONE);
                String got = chain.status().word();
                // A chain that says of itself that it is broken is so; the vectors want no word at all then.
                String wanted = each.getValue().get("cv").stringValue().toLowerCase(java.util.Locale.ROOT);
                if (!got.equals(wanted.isEmpty() ? "fail" : wanted)) wrong.add(each.getKey() + ": got " + got);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isEqualTo(171);
    }
}
