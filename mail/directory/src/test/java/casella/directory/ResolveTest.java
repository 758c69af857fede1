package casella.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an address finds its account however it is written, and nobody else's.
class ResolveTest {
    @TempDir Path folder;
    SqliteDirectory directory;

    @BeforeEach
    void open() {
        directory = Sample.filled(folder);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private String found(String address) {
        return switch (directory.resolve(address)) {
            case Resolution.Local local -> local.address() + " " + local.detail();
            case Resolution.Unknown _ -> "unknown";
            case Resolution.Disabled _ -> "disabled";
            case Resolution.Forwarded(String at, Resolution.Local own, var to) ->
                at + " -> " + String.join(" ", to) + (own == null ? "" : " and " + own.address());
            case Resolution.NotOurs _ -> "not ours";
        };
    }

    @Test
    void caseIsForgottenAndTheWrittenFormKept() {
        assertThat(found("anna@posta.example")).isEqualTo("Anna@posta.example ");
        assertThat(found("ANNA@POSTA.Example.")).isEqualTo("Anna@posta.example ");
        assertThat(found("\"anna\"@posta.example")).isEqualTo("Anna@posta.example ");
    }

    @Test
    void aDetailIsSplitOffAndKeepsItsCase() {
        assertThat(found("anna+Liste.Foo+x@posta.example")).isEqualTo("Anna@posta.example Liste.Foo+x");
        assertThat(found("anna+@posta.example")).isEqualTo("Anna@posta.example ");
        assertThat(found("+anna@posta.example")).isEqualTo("unknown");
    }

    @Test
    void strangersAreToldFromOthersDomainsAndFromNonsense() {
        assertThat(found("carla@posta.example")).isEqualTo("unknown");
        assertThat(found("anna@virgola.example")).isEqualTo("unknown");
        assertThat(found("anna@elsewhere.example")).isEqualTo("not ours");
        assertThat(found("anna")).isEqualTo("not ours");
        assertThat(found("@posta.example")).isEqualTo("not ours");
        assertThat(found("anna@")).isEqualTo("not ours");
        assertThat(found("anna@" + ".".repeat(500))).isEqualTo("not ours");
        assertThat(found("a".repeat(100_000) + "@posta.example")).isEqualTo("not ours");
        assertThat(found("anna@xn--\u0000")).isEqualTo("not ours");
    }

    @Test
    void aDomainOfLettersBeyondAsciiIsItsALabels() {
        Sample.done(directory.registrar().addDomain("posta", "Bücher.example"));
        Sample.done(directory.registrar().add(Registrar.NewAccount.of("jörg@bücher.example", Password.clear("x"))));

        assertThat(found("JÖRG@xn--bcher-kva.example")).isEqualTo("jörg@xn--bcher-kva.example ");
        assertThat(found("jo\u0308rg@BÜCHER.example")).isEqualTo("jörg@xn--bcher-kva.example ");
        assertThat(directory.serves("bücher.EXAMPLE")).isTrue();
    }

    @Test
    void anAliasLeadsToItsAccountUntilItIsRemoved() {
        assertThat(found("info@posta.example")).isEqualTo("unknown");

        Sample.done(directory.registrar().addAlias("anna@posta.example", "Info@posta.example"));
        assertThat(found("info+shop@posta.example")).isEqualTo("Info@posta.example shop");

        Sample.done(directory.registrar().removeAlias("anna@posta.example", "info@posta.example"));
        assertThat(found("info@posta.example")).isEqualTo("unknown");
    }

    @Test
    void aDisabledAccountTakesNoMailAndAWipedOneIsUnknown() {
        Sample.done(directory.registrar().disable("anna@posta.example"));
        assertThat(found("anna@posta.example")).isEqualTo("disabled");

        Sample.done(directory.registrar().enable("anna@posta.example"));
        assertThat(found("anna@posta.example")).isEqualTo("Anna@posta.example ");

        Sample.done(directory.registrar().wipe("anna@posta.example"));
        assertThat(found("anna@posta.example")).isEqualTo("unknown");
        assertThat(Sample.refused(directory.registrar().enable("anna@posta.example"))).contains("wiped");
        assertThat(Sample.refused(directory.registrar()
                        .add(Registrar.NewAccount.of("anna@posta.example", Password.clear("x")))))
                .contains("taken");
    }

    @Test
    void brandsAnswerByTheirHosts() {
        assertThat(directory.brandOfHost("POSTA.localhost").orElseThrow().title()).isEqualTo("Posta");
        assertThat(directory.brandOfHost("localhost")).isEmpty();
        assertThat(Sample.refused(directory.registrar()
                        .putBrand(new Brand("terza", "Terza", java.util.List.of("posta.localhost"), "#000000", java.util.List.of("it")))))
                .isEqualTo("hosts: 'posta.localhost' is a host of brand 'posta'");
    }

    @Test
    void anAccountSendsAsItsOwnAddressesOnly() {
        Account anna = directory.registrar().find("anna@posta.example").orElseThrow();
        Sample.done(directory.registrar().addAlias("anna@posta.example", "info@posta.example"));

        assertThat(directory.identities(anna.id()))
                .extracting(Identity::address)
                .containsExactly("Anna@posta.example", "info@posta.example");
        assertThat(directory.maySendAs(anna.id(), "info+x@posta.example")).isTrue();
        assertThat(directory.maySendAs(anna.id(), "bruno@virgola.example")).isFalse();
    }

    @Test
    void everythingIsThereAfterOpeningAgain() {
        Account before = directory.registrar().find("anna@posta.example").orElseThrow();
        directory.close();

        directory = Sample.open(folder);

        assertThat(directory.account(before.id())).contains(before);
        assertThat(directory.brands()).hasSize(2);
        assertThat(directory.plan("free")).contains(Plan.FREE);
    }
}
