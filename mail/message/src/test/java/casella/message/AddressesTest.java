package casella.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves that address lists are read as people meant them: RFC 5322 appendix A and RFC 7103 §7.1.
final class AddressesTest {
    private static final Map<String, List<String>> READ =
            Map.ofEntries(
                    Map.entry(
                            "John Doe <jdoe@machine.example>",
                            List.of("John Doe|jdoe|machine.example")),
                    Map.entry(
                            "\"Joe Q. Public\" <john.q.public@example.com>",
                            List.of("Joe Q. Public|john.q.public|example.com")),
                    Map.entry(
                            "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
                            List.of(
                                    "Mary Smith|mary|x.test",
                                    "null|jdoe|example.org",
                                    "Who?|one|y.test")),
                    Map.entry(
                            "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
                            List.of(
                                    "null|boss|nil.test",
                                    "Giant; \"Big\" Box|sysservices|example.net")),
                    Map.entry(
                            "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
                            List.of("Pete|pete(his account)|silly.test(his host)")),
                    Map.entry("joe@example.org (Joe Blow)", List.of("Joe Blow|joe|example.org")),
                    Map.entry(
                            "Joe <@node.test,@other.test:john@example.net>",
                            List.of("Joe|john|example.net")),
                    Map.entry("<<user2@example.org>>", List.of("null|user2|example.org")),
                    Map.entry("<another@example.net", List.of("null|another|example.net")),
                    Map.entry("second@example.org>", List.of("null|second|example.org>")),
                    Map.entry("\"Joe <joe@example.com>", List.of("Joe|joe|example.com")),
                    Map.entry(
                            "third@example.net, fourth@example.net,",
                            List.of("null|third|example.net", "null|fourth|example.net")),
                    Map.entry(
                            "a@b.example; c@d.example",
                            List.of("null|a|b.example", "null|c|d.example")),
                    Map.entry("\"a b\"@c.example", List.of("null|a b|c.example")),
                    Map.entry("x@[192.0.2.1]", List.of("null|x|[192.0.2.1]")),
                    Map.entry("\"a<b>,c\" <x@y.example>", List.of("a<b>,c|x|y.example")),
                    Map.entry(
                            "\"Aperto <x@y.example>, \"z z\"@y.example",
                            List.of("Aperto|x|y.example", "null|z z|y.example")),
                    Map.entry("root", List.of("null|root|")),
                    Map.entry(
                            "=?utf-8?Q?Rossi,_Mario?= <m@x.example>",
                            List.of("Rossi, Mario|m|x.example")),
                    Map.entry(
                            "\"=?utf-8?Q?Citt=C3=A0?=\" <c@x.example>",
                            List.of("Città|c|x.example")),
                    Map.entry("<mailto:a@b.example>", List.of("null|a|b.example")),
                    Map.entry("", List.of()),
                    Map.entry(" , ;; <> ,", List.of()));

    private static String shown(Address.Mailbox m) {
        return m.name() + "|" + m.local() + "|" + m.domain();
    }

    @Test
    void listsAreReadAsTheTableSays() {
        READ.forEach(
                (written, read) ->
                        assertThat(
                                        Address.flat(Addresses.parse(written)).stream()
                                                .map(AddressesTest::shown))
                                .as(written)
                                .isEqualTo(read));
    }

    @Test
    void groupsKeepTheirMembersAndTheirPlace() {
        List<Address> read =
                Addresses.parse(
                        "a@x.example, A Group:Ed Jones <c@a.test>,joe@where.test;, b@x.example,"
                            + " none:;");

        assertThat(read).hasSize(4);
        assertThat(read.get(1)).hasToString("A Group: Ed Jones <c@a.test>, joe@where.test;");
        assertThat(read.get(3)).isEqualTo(new Address.Group("none", "none", List.of()));
    }

    @Test
    void anEmailIsQuotedOnlyWhereItMustBe() {
        assertThat(new Address.Mailbox(null, null, "a b", "c.example").email())
                .isEqualTo("\"a b\"@c.example");
        assertThat(Address.of("\"a b\"@c.example").local()).isEqualTo("a b");
        assertThat(Address.of("anna@posta.example").email()).isEqualTo("anna@posta.example");
        assertThat(Address.of("Neri, B.", "b@x.example")).hasToString("\"Neri, B.\" <b@x.example>");
    }

    @Test
    void onlyARealAddressIsSendable() {
        assertThat(Address.of("anna@posta.example").isSendable()).isTrue();
        assertThat(Address.of("nicolò@città.example").isSendable()).isTrue();
        assertThat(Address.of("x@[192.0.2.1]").isSendable()).isTrue();
        for (String bad :
                List.of(
                        "anna",
                        "@x.example",
                        "a@",
                        "a@b c",
                        "a@b>,<c",
                        "a\r\nb@x",
                        "a@x..y",
                        "a".repeat(65) + "@x")) {
            assertThat(Address.of(bad).isSendable()).as(bad).isFalse();
        }
    }

    @Test
    void aListOfNothingButOpenersIsReadInTime() {
        for (String opener : List.of("<", "\"", "(", "[", "=?", ":", "a:", "\\\"", "\">,<", ",")) {
            long started = System.nanoTime();
            Addresses.parse(opener.repeat(60_000 / opener.length()));
            assertThat(System.nanoTime() - started).as(opener).isLessThan(2_000_000_000L);
        }
    }
}
