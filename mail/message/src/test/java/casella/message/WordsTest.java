package casella.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves that encoded words are read as RFC 2047 says, and as senders write them.
final class WordsTest {
    /// RFC 2047 §8, RFC 2231 §5, and what is met.
    private static final Map<String, String> READ =
            Map.ofEntries(
                    Map.entry("(=?ISO-8859-1?Q?a?=)", "(a)"),
                    Map.entry("=?ISO-8859-1?Q?a?= b", "a b"),
                    Map.entry("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
                    Map.entry("=?ISO-8859-1?Q?a?=   \t =?ISO-8859-1?Q?b?=", "ab"),
                    Map.entry("=?ISO-8859-1?Q?a_b?=", "a b"),
                    Map.entry("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"),
                    Map.entry("=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"),
                    Map.entry("=?utf-8?b?w6g=?=", "è"),
                    Map.entry("=?utf-8?Q?=C3?= =?utf-8?Q?=A8?=", "è"),
                    Map.entry("=?utf-8?q?senza spazio =C3=A8?=", "senza spazio è"),
                    Map.entry("prima=?utf-8?q?dopo?=", "primadopo"),
                    Map.entry("=?utf-8?q?a=0D=0ABcc:_x?=", "a  Bcc: x"),
                    Map.entry("=?utf-8?q?a=00b?=", "ab"),
                    Map.entry("=?utf-8?q?rotto=ZZ?=", "rotto=ZZ"),
                    Map.entry("=?nessuno?q?=41?=", "A"),
                    Map.entry("=?utf-8?q?aperto", "=?utf-8?q?aperto"),
                    Map.entry("=??q?a?=", "=??q?a?="),
                    Map.entry("=?utf-8?z?a?=", "=?utf-8?z?a?="),
                    Map.entry("e\u0301", "é"),
                    Map.entry("", ""));

    @Test
    void wordsAreReadAsTheTableSays() {
        READ.forEach(
                (written, read) -> assertThat(Words.decode(written)).as(written).isEqualTo(read));
    }

    @Test
    void writtenWordsAreShortEnoughAndAsciiStaysAsItIs() {
        String encoded = Words.encode("Così è la città: 🎁 ".repeat(40));

        for (String word : encoded.split(" ")) assertThat(word.length()).isLessThanOrEqualTo(75);
        assertThat(Words.encode("Hello, world")).isEqualTo("Hello, world");
        assertThat(Words.encode("a=?b")).isEqualTo("=?UTF-8?B?YT0/Yg==?=");
        assertThat(Words.encode("日本")).isEqualTo("=?UTF-8?B?5pel5pys?=");
    }
}
