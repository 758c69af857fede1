package casella.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves where mail for an address goes on to, and who keeps a copy.
class ForwardTest {
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

    private void forward(String address, boolean keeps, String... to) {
        assertThat(directory.registrar().putForward(new Forward(address, List.of(to), keeps)))
                .isInstanceOf(Answer.Done.class);
    }

    private String refused(String address, boolean keeps, String... to) {
        if (directory.registrar().putForward(new Forward(address, List.of(to), keeps))
                instanceof Answer.Refused<Forward>(var field, var rule)) return field + " " + rule;
        throw new AssertionError("taken: " + address);
    }

    private String found(String address) {
        return switch (directory.resolve(address)) {
            case Resolution.Local local -> local.address();
            case Resolution.Forwarded(_, Resolution.Local own, var to) ->
                String.join(" ", to) + (own == null ? "" : ", kept by " + own.address());
            case Resolution.Unknown _ -> "unknown";
            case Resolution.Disabled _ -> "disabled";
            case Resolution.NotOurs _ -> "not ours";
        };
    }

    @Test
    void anAddressThatNobodyHasGoesOn() {
        assertThat(found("info@posta.example")).isEqualTo("unknown");
        forward("Info@posta.example", false, "a@b.example", "anna@posta.example");
        assertThat(found("INFO+x@posta.example")).isEqualTo("a@b.example anna@posta.example");
        forward("info@posta.example", false, "c@b.example");
        assertThat(found("info@posta.example")).isEqualTo("c@b.example");
        directory.registrar().removeForward("info@POSTA.example");
        assertThat(found("info@posta.example")).isEqualTo("unknown");
        assertThat(directory.registrar().removeForward("info@posta.example"))
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void whoHasTheAddressKeepsACopyOrNone() {
        forward("anna@posta.example", true, "a@b.example");
        assertThat(found("anna@posta.example")).isEqualTo("a@b.example, kept by Anna@posta.example");
        forward("anna@posta.example", false, "a@b.example");
        assertThat(found("anna+lista@posta.example")).isEqualTo("a@b.example");
        var anna = directory.registrar().find("anna@posta.example").orElseThrow();
        assertThat(directory.maySendAs(anna.id(), "anna@posta.example")).as("it is still hers").isTrue();
        directory.registrar().disable("anna@posta.example");
        assertThat(found("anna@posta.example")).isEqualTo("disabled");
        directory.registrar().wipe("anna@posta.example");
        assertThat(found("anna@posta.example")).as("her mail goes nowhere any more").isEqualTo("unknown");
    }

    @Test
    void aCatchAllGetsWhatNobodyHas() {
        forward("@posta.example", false, "anna@posta.example");
        assertThat(found("whoever@posta.example")).isEqualTo("anna@posta.example");
        assertThat(found("anna@posta.example")).isEqualTo("Anna@posta.example");
        assertThat(found("whoever@virgola.example")).isEqualTo("unknown");
        assertThat(found("notices@posta.example")).as("what the house speaks as").isEqualTo("unknown");
        forward("info@posta.example", false, "a@b.example");
        assertThat(found("info@posta.example")).as("the narrower first").isEqualTo("a@b.example");
        var anna = directory.registrar().find("anna@posta.example").orElseThrow();
        assertThat(directory.maySendAs(anna.id(), "whoever@posta.example")).isFalse();
        assertThat(directory.registrar().forwards("", 10)).extracting(Forward::address)
                .containsExactly("@posta.example", "info@posta.example");
        assertThat(directory.registrar().forwards("@posta.example", 10)).hasSize(1);
    }

    @Test
    void whoIsGivenAnAddressGetsItsMail() {
        forward("sales@posta.example", false, "a@b.example");
        assertThat(Sample.refused(directory.registrar().addAlias("anna@posta.example",
                "Sales@posta.example")))
                .contains("goes on to others");
        assertThat(Sample.refused(directory.registrar().add(Registrar.NewAccount.of(
                "sales@posta.example", Password.clear("casella"))))).contains("goes on to others");
        directory.registrar().removeForward("sales@posta.example");
        Sample.done(directory.registrar().addAlias("anna@posta.example", "sales@posta.example"));
        forward("sales@posta.example", true, "a@b.example");
        Sample.done(directory.registrar().removeAlias("anna@posta.example", "sales@posta.example"));
        assertThat(found("sales@posta.example")).as("it ended with the alias").isEqualTo("unknown");
        forward("anna@posta.example", true, "a@b.example");
        directory.registrar().disable("anna@posta.example");
        assertThat(refused("anna@posta.example", false, "a@b.example")).contains("takes no mail");
        directory.registrar().wipe("anna@posta.example");
        assertThat(directory.registrar().forwards("", 10)).as("nothing of it stays").isEmpty();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(refused("info@elsewhere.example", false, "a@b.example")).contains("address", "brand");
        assertThat(refused("@elsewhere.example", false, "a@b.example")).contains("no domain of ours");
        assertThat(refused("info@posta.example", true, "a@b.example")).contains("no copy to keep");
        assertThat(refused("@posta.example", true, "a@b.example")).contains("no copy to keep");
        assertThat(refused("info@posta.example", false)).contains("1 to 50");
        assertThat(refused("info@posta.example", false, "nobody")).contains("name@domain");
        assertThat(refused("info@posta.example", false, "a b@c.example")).contains("name@domain");
        assertThat(refused("info@posta.example", false, "INFO@posta.example")).contains("goes to itself");
        assertThat(refused("SRS0=x@posta.example", false, "a@b.example")).contains("SRS0");
    }

    @Test
    void theSnapshotKnowsIt() throws Exception {
        forward("info@posta.example", false, "a@b.example");
        directory.snapshot();
        directory.close();
        Files.write(folder.resolve("directory.db"), new byte[8_192]);
        directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), casella.base.Metrics.none());
        assertThat(directory.condition()).isInstanceOf(Directory.Condition.ReadOnly.class);
        assertThat(found("info@posta.example")).isEqualTo("a@b.example");
    }
}
