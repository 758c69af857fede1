package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.imap.FetchItem.Known;
import casella.imap.FetchItem.Partial;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that every item of FETCH is read, and that the answer repeats the section asked for. RFC 9051 §6.4.5.
class FetchItemTest {
    private static List<FetchItem> parse(String text) {
        var in = new Arguments(CommandText.line(text), Dialect.REV1);
        List<FetchItem> items = FetchItem.parse(in);
        in.end();
        return items;
    }

    private static FetchItem one(String text) {
        return parse(text).getFirst();
    }

    @Test
    void macrosStandForTheirItems() {
        assertThat(parse("fast")).containsExactly(Known.FLAGS, Known.INTERNALDATE, Known.RFC822_SIZE);
        assertThat(parse("ALL")).endsWith(Known.ENVELOPE).hasSize(4);
        assertThat(parse("FULL")).endsWith(Known.BODY).hasSize(5);
    }

    @Test
    void sectionsAreReadAndRepeated() {
        assertThat(((FetchItem.Bytes) one("BODY[]")).answer()).isEqualTo("BODY[]");
        assertThat(((FetchItem.Bytes) one("body.peek[header.fields (From \"to x\")]")).answer())
                .isEqualTo("BODY[HEADER.FIELDS (FROM \"TO X\")]");
        assertThat(((FetchItem.Bytes) one("BODY[1.2.MIME]")).section())
                .isEqualTo(new SectionSpec(List.of(1, 2), SectionSpec.Text.MIME, List.of()));
        assertThat(((FetchItem.Bytes) one("BODY[3.HEADER]")).answer()).isEqualTo("BODY[3.HEADER]");
        assertThat(((FetchItem.Bytes) one("BODY[4.1.HEADER.FIELDS.NOT (Received)]<10.20>")).partial())
                .isEqualTo(new Partial(10, 20));
    }

    @Test
    void onlyPeekLeavesSeenAlone() {
        assertThat(parse("(BODY[] BINARY[1] RFC822 RFC822.TEXT)")).allMatch(FetchItem::marksSeen);
        assertThat(parse("(BODY.PEEK[] BINARY.PEEK[1] RFC822.HEADER BINARY.SIZE[1] FLAGS BODY)"))
                .noneMatch(FetchItem::marksSeen);
    }

    @Test
    void previewTakesLazyAndStandsInLists() {
        assertThat(parse("(PREVIEW (LAZY) UID)")).containsExactly(Known.PREVIEW, Known.UID);
        assertThat(parse("(PREVIEW UID)")).containsExactly(Known.PREVIEW, Known.UID);
    }

    @Test
    void whatIsNoItemIsRefused() {
        for (String bad : List.of(
                "", "()", "FLAG", "BODY[", "BODY[FOO]", "BODY[MIME]", "BODY[0]", "BODY[1.]", "BODY[HEADER.FIELDS]",
                "BODY[HEADER.FIELDS ()]", "BODY[]<1>", "BODY[]<0.0>", "(FLAGS", "(FLAGS)x", "(ALL)", "BINARY[TEXT]",
                "BODY.PEEK", "BODY[1" + ".1".repeat(300) + "]")) {
            assertThatThrownBy(() -> parse(bad)).as(bad).isInstanceOf(Arguments.Syntax.class);
        }
    }
}
