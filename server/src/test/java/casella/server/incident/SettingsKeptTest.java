package casella.server.incident;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Admission.Door;
import casella.base.HelpDesk.Allowed;
import casella.base.HelpDesk.Scope;
import casella.incident.Desk;
import casella.incident.apps.Apps;
import casella.incident.help.Helps;
import casella.server.control.Json;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that whoever asks what is kept of them is given the second address, the programs, and who looked inside; and nobody else's.
final class SettingsKeptTest {
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    @TempDir
    private Path folder;

    @Test
    void allThatTheDeskKeepsOfAnOwnerIsThereAndToldOnThePage() {
        var clock = new SteppedClock();
        try (var desk = Desk.open(folder.resolve("desk"))) {
            try (var apps = new Apps(desk, clock).start()) {
                apps.used(ANNA, Door.IMAP, "Thunderbird");
                apps.used(BRUNO, Door.IMAP, "K-9 Mail");
            }
            desk.write(s ->
                    s.change("INSERT INTO news_addresses (account, address, guesses, codes, day, told)"
                    + " VALUES (1, 'anna@altrove.example', 0, 0, 0, 0), (2, 'bruno@altrove.example', 0, 0, 0, 0)"));
            var helps = new Helps(desk, clock);
            Allowed allowed = helps.allow(ANNA, Scope.FOLDERS);
            helps.begin(ANNA, allowed.code(), "staff:carla");

            var kept = new SettingsKept(desk, clock).of(ANNA);
            assertThat(kept.path("secondAddress").stringValue()).isEqualTo("anna@altrove.example");
            assertThat(kept.at("/programs/0/app").stringValue()).isEqualTo("Thunderbird");
            assertThat(kept.at("/helps/0/who").stringValue()).isEqualTo("carla");
            assertThat(kept.toString()).doesNotContain("K-9").doesNotContain("bruno")
                    .doesNotContain(allowed.code());

            var parts = Map.of("case", Json.object(), "account", Json.object(), "settings", kept);
            String page = new AccessIndex(parts, "R-1", "it", clock.now()).html();
            assertThat(page).contains("anna@altrove.example", "Thunderbird", "carla", "ha guardato 0 volte");
        }
    }
}
