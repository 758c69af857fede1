package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that the grammar reads what RFC 9051 §9 allows and names the column where it does not fit.
class ArgumentsTest {
    private static Arguments of(String text) {
        return new Arguments(CommandText.of(text.getBytes(StandardCharsets.UTF_8)), Dialect.REV1);
    }

    @Test
    void aStringMayBeAnAtomQuotedOrALiteral() {
        assertThat(of("abc]").astring()).isEqualTo("abc]");
        assertThat(of("\"a \\\"b\\\\\"").astring()).isEqualTo("a \"b\\");
        assertThat(of("{5}\r\na b\r\n x").astring()).isEqualTo("a b\r\n");
        assertThat(of("{3+}\r\n\"{}").astring()).isEqualTo("\"{}");
        assertThat(of("{0}\r\n").astring()).isEmpty();
        assertThat(of("\"perché\"").astring()).isEqualTo("perché");
    }

    @Test
    void twoLiteralsFollowEachOther() {
        Arguments in = of("{3}\r\nabc {2+}\r\nde");

        String first = in.astring();
        in.space();
        String second = in.astring();
        in.end();

        assertThat(List.of(first, second)).containsExactly("abc", "de");
    }

    @Test
    void aLiteralHeadInsideQuotesIsText() {
        assertThat(of("\"a{3}\"").string()).isEqualTo("a{3}");
    }

    @Test
    void whatDoesNotFitIsNamedByItsColumn() {
        assertThatThrownBy(() -> of("\"abc").string()).hasMessage("expected a closing quote at column 5");
        assertThatThrownBy(() -> of("\"a\\n\"").string()).hasMessage("expected \" or \\ after \\ at column 4");
        assertThatThrownBy(() -> of("(").atom()).hasMessage("expected an atom at column 1");
        assertThatThrownBy(() -> of("{5}").astring()).hasMessage("expected a literal at column 4");
        assertThatThrownBy(() -> of("0").positive()).hasMessage("number must not be 0 at column 1");
        assertThatThrownBy(() -> of("4294967296").number()).hasMessageContaining("too large");
        assertThatThrownBy(() -> of("99999999999999999999").number64()).hasMessageContaining("too large");
        assertThatThrownBy(() -> of("+a").tag()).hasMessage("expected a tag at column 1");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        var command = new CommandText("{1}\n", List.of(new byte[] {(byte) 0xE8}));

        assertThatThrownBy(() -> new Arguments(command, Dialect.REV1).astring()).hasMessage("expected UTF-8");
    }

    @Test
    void numbersReachTheirWholeRange() {
        assertThat(of("4294967295").number()).isEqualTo(4_294_967_295L);
        assertThat(of("9223372036854775807").number64()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> of("9223372036854775808").number64()).hasMessageContaining("too large");
    }

    @Test
    void flagsKeepTheirBackslash() {
        assertThat(of("(\\Seen $Junk work)").flagList()).containsExactly("\\Seen", "$Junk", "work");
        assertThat(of("()").flagList()).isEmpty();
    }

    @Test
    void aNameStopsBeforeABracketAndAWordDoesNot() {
        assertThat(of("body.peek[1]").name()).isEqualTo("BODY.PEEK");
        assertThat(of("noop").word()).isEqualTo("NOOP");
    }

    @Test
    void aLiteralHeadIsOnlyOneAtTheEndOfALine() {
        assertThat(LiteralHead.endOf("a APPEND x {310}")).isEqualTo(new LiteralHead(310, true));
        assertThat(LiteralHead.endOf("a APPEND x ~{310+}")).isEqualTo(new LiteralHead(310, false));
        assertThat(LiteralHead.endOf("x {99999999999999999999}")).isEqualTo(new LiteralHead(Long.MAX_VALUE, true));
        assertThat(LiteralHead.endOf("x {310} ")).isNull();
        assertThat(LiteralHead.endOf("x {}")).isNull();
        assertThat(LiteralHead.endOf("x {1-}")).isNull();
        assertThat(LiteralHead.endOf("310}")).isNull();
        assertThat(LiteralHead.endOf("}")).isNull();
        assertThat(LiteralHead.endOf("")).isNull();
    }
}
