package casella.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Proves that whatever a server sends is read as an answer, in the time that its bytes are worth.
class ReplyFuzzTest {
    private static final Name ASKED = Name.fromConstantString("a.example.");
    private static final List<Kind<?>> KINDS =
            List.of(Kind.A, Kind.AAAA, Kind.MX, Kind.TXT, Kind.PTR, Kind.TLSA, Kind.SRV, Kind.CNAME);

    // The fuzzer takes seconds to start; mutants of answers are in every build.
    @FuzzTest
    @Tag("long")
    void anyMessageIsAReply(byte[] wire) {
        for (Kind<?> kind : KINDS) {
            switch (Reply.read(wire, ASKED, kind.type(), true)) {
                case Reply.Answered(var answer) -> assertThat(kind.of(answer)).isNotNull();
                case Reply.Alias(var target, var ttl, var _) -> {
                    assertThat(Names.text(target)).isNotNull();
                    assertThat(ttl).isBetween(Duration.ZERO, Reply.TTL_MAX);
                }
                case Reply.NoOptions _ -> assertThat(wire).isNotEmpty();
            }
        }
    }

    @Test
    void mutantsOfAnswersAreReplies() throws Exception {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        System.out.println("dns replies: seed " + seed);
        var random = new Random(seed);
        List<byte[]> seeds = new ArrayList<>();
        for (String line : List.of("a.example. IN A 192.0.2.1", "a.example. IN AAAA 2001:db8::1", "a.example. IN MX 1 b.a.example.",
                "a.example. IN TXT \"one\" two", "a.example. IN PTR b.example.", "a.example. IN TLSA 3 1 1 00112233",
                "a.example. IN SRV 1 2 3 b.example.", "a.example. IN CNAME b.example.")) {
            var message = new Message(7);
            message.getHeader().setFlag(Flags.QR);
            try (var master = new Master(new ByteArrayInputStream(line.getBytes(US_ASCII)), Name.root, 300)) {
                Record record = master.nextRecord();
                message.addRecord(Record.newRecord(ASKED, record.getType(), 1), Section.QUESTION);
                message.addRecord(record, Section.ANSWER);
            }
            seeds.add(message.toWire());
        }
        for (int i = 0; i < 4_000; i++) {
            byte[] wire = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                wire[random.nextInt(wire.length)] = (byte) random.nextInt(256);
            }
            anyMessageIsAReply(wire);
        }
    }
}
