package casella.incident.compensation;

import static casella.incident.compensation.Town.ANNA;
import static casella.incident.compensation.Town.BRUNO;
import static casella.incident.compensation.Town.MIB;
import static casella.incident.compensation.Town.RULES;
import static casella.incident.compensation.Town.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.directory.Account;
import casella.directory.Brand;
import casella.directory.Registrar;
import casella.incident.Incident;
import casella.incident.compensation.Compensations.Credit;
import casella.incident.compensation.Run.State;
import casella.incident.voice.Language;
import casella.incident.voice.Voice;
import casella.incident.voice.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what is approved is what was previewed, by two people; that it is given as the rules say, and taken back with a trace.
final class CompensationsTest {
    private static final Brand POSTA = new Brand("posta", "Posta", List.of(), "#000000", List.of("it"));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Town town;

    @SuppressWarnings("NullAway.Init") // set before each test
    private CompensationWork work;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Compensations compensations;

    private final Map<AccountId, Words> told = new TreeMap<>();
    private final List<String> occasions = new ArrayList<>();

    @BeforeEach
    void open() {
        again();
        town.accounts(60);
    }

    /// As a start after a stop has it.
    private void again() {
        town = new Town(folder);
        work = town.work(Allowances.of(town.registrar), (account, occasion, words) -> {
            occasions.add(account + " " + occasion);
            told.put(account, words.apply(Language.ITALIAN, POSTA));
            return Voice.Told.TOLD;
        }, _ -> {});
        compensations = town.compensations(work);
    }

    @AfterEach
    void close() {
        town.close();
    }

    private Incident away(Duration lasting) {
        Incident incident = town.incident(lasting);
        town.down(incident.opened(), incident.opened().plus(lasting));
        return incident;
    }

    private Run preview(Incident incident) {
        return compensations.preview(incident.id(), RULES, null, null, ANNA, _ -> {});
    }

    private void finish() throws InterruptedException {
        while (work.step()) {
            // to the last page
        }
    }

    private long allowance(String address) {
        return town.registrar.find(address).orElseThrow().allowanceBytes();
    }

    private static Map<String, Long> counted(Run run) {
        return run.lines().stream().collect(Collectors.toMap(line -> "%s %s %s %d %d".formatted(line.owed().brand(),
                line.owed().plan(), line.owed().rule(), line.owed().bytes() / MIB, line.owed().months()), Run.Line::accounts));
    }

    @Test
    void aPreviewSaysWhoWouldGetWhatAndGivesNothing() throws Exception {
        done(town.registrar.changePlan("n1@virgola.example", "staff", null));
        Incident incident = away(Duration.ofHours(30));
        var progress = new ArrayList<Long>();

        Run run = compensations.preview(incident.id(), RULES, null, null, ANNA, progress::add);

        assertThat(counted(run)).isEqualTo(Map.of("posta free room 20 0", 20L, "virgola free room 20 0", 19L,
                "posta gold months 10 6", 10L, "virgola gold months 10 6", 10L, "virgola staff staff 0 0", 1L));
        assertThat(run.owing()).isEqualTo(59);
        assertThat(run.state()).isEqualTo(State.PREVIEWED);
        assertThat(progress).containsExactly(60L);
        assertThat(work.step()).as("nothing to do").isFalse();
        assertThat(allowance("n2@posta.example")).isZero();
        assertThat(compensations.rules(run)).isEqualTo(RULES);
        assertThat(compensations.of(town.registrar.find("n2@posta.example").orElseThrow().id())).isEmpty();
    }

    @Test
    void rulesThatLeaveAPlanOutAreRefused() {
        Incident incident = away(Duration.ofHours(30));
        Rules some = RulesFile.read(RULES.text().replace("brands: [posta, virgola]", "brands: [posta]"));

        assertThatThrownBy(() -> compensations.preview(incident.id(), some, null, null, ANNA, _ -> {}))
                .hasMessageContaining("plan 'gold' of brand 'virgola' is named by no rule");
        assertThat(compensations.runs(null)).isEmpty();
    }

    @Test
    void somebodyElseApprovesWhatWasLookedAt() {
        Incident incident = away(Duration.ofHours(30));
        assertThatThrownBy(() -> compensations.approve(incident.id(), null, BRUNO, _ -> {}))
                .hasMessageContaining("nothing waits for an approval");
        Run first = preview(incident);
        assertThatThrownBy(() -> compensations.apply(incident.id(), BRUNO)).hasMessageContaining("nothing is approved");
        for (String name : List.of("anna", " ANNA ")) {
            assertThatThrownBy(() -> compensations.approve(incident.id(), null, new Who(name, "root"), _ -> {}))
                    .hasMessageContaining("somebody else must approve it");
        }
        Rules other = RulesFile.read(RULES.text().replace("20%", "30%"));
        Run second = compensations.preview(incident.id(), other, null, null, ANNA, _ -> {});
        assertThat(compensations.run(first.id()).state()).isEqualTo(State.SUPERSEDED);
        assertThatThrownBy(() -> compensations.approve(incident.id(), first.digest(), BRUNO, _ -> {}))
                .hasMessageContaining("look at it again");
        assertThatThrownBy(() -> compensations.approve(incident.id(), second.digest().substring(0, 4), BRUNO, _ -> {}))
                .hasMessageContaining("look at it again");

        Run approved = compensations.approve(incident.id(), second.digest().substring(0, 8), BRUNO, _ -> {});

        assertThat(approved.state()).isEqualTo(State.APPROVED);
        assertThat(approved.by("approved")).contains(BRUNO);
        assertThatThrownBy(() -> preview(incident)).hasMessageContaining("revoke");
    }

    @Test
    void aRecordThatChangedIsPreviewedAgainAndPeopleMayComeAndGo() {
        Incident incident = away(Duration.ofHours(30));
        preview(incident);
        // Who is gone or moved, and who came after it, is no matter.
        done(town.registrar.wipe("n2@posta.example"));
        done(town.registrar.changePlan("n4@posta.example", "gold", null));
        town.down("n6@posta.example", incident.opened(), incident.opened().plus(Duration.ofHours(29)));
        Run approved = compensations.approve(incident.id(), null, BRUNO, _ -> {});
        compensations.revoke(incident.id(), "a try", BRUNO);
        assertThat(approved.state()).isEqualTo(State.APPROVED);

        Incident next = town.incident(Duration.ofHours(30));
        town.down("n8@posta.example", next.opened(), next.opened().plus(Duration.ofHours(20)));
        preview(next);
        town.down("n8@posta.example", next.opened().plus(Duration.ofHours(20)), next.opened().plus(Duration.ofHours(26)));
        assertThatThrownBy(() -> compensations.approve(next.id(), null, BRUNO, _ -> {}))
                .hasMessageContaining("what 1 accounts are owed").hasMessageContaining("preview again");
        preview(next);
        town.down("n10@posta.example", next.opened(), next.opened().plus(Duration.ofHours(1)));
        assertThatThrownBy(() -> compensations.approve(next.id(), null, BRUNO, _ -> {}))
                .as("one who was not in the list").hasMessageContaining("what 1 accounts are owed");
        preview(next);
        town.desk.write(s -> s.change("DELETE FROM availability_accounts WHERE since = ?", next.opened().toEpochMilli()));
        assertThatThrownBy(() -> compensations.approve(next.id(), null, BRUNO, _ -> {}))
                .as("one who is no longer away").hasMessageContaining("preview again");
    }

    @Test
    void aListThatSomebodyTouchedIsNotApproved() {
        Incident incident = away(Duration.ofHours(30));
        preview(incident);
        AccountId moved = town.registrar.find("n4@posta.example").orElseThrow().id();
        done(town.registrar.changePlan("n4@posta.example", "gold", null));
        town.desk.write(s -> s.change("UPDATE compensation_credits SET line = (line + 1) % 4 WHERE account = ?",
                moved.value()));

        assertThatThrownBy(() -> compensations.approve(incident.id(), null, BRUNO, _ -> {}))
                .hasMessageContaining("the list is not the one that was previewed");
    }

    @Test
    void whatIsNotOverIsNotApproved() {
        Incident incident = town.incidents.open(new casella.incident.Entry.Opened(new casella.incident.Words("a", "b"),
                casella.incident.Entry.Severity.MAJOR, List.of(), ""), List.of(), "anna");
        town.step(Duration.ofHours(30));
        town.down(incident.opened(), incident.opened().plus(Duration.ofHours(30)));
        town.desk.write(s -> s.change("INSERT INTO availability_scopes VALUES ('brand posta', 'vaults', ?, NULL)",
                incident.opened().minusSeconds(60).toEpochMilli()));
        Run run = preview(incident);

        assertThat(compensations.unsettled(run).goOn()).hasSize(1);
        assertThat(compensations.unsettled(run).begins()).isEqualTo(incident.opened().minusSeconds(60));
        assertThatThrownBy(() -> compensations.approve(incident.id(), null, BRUNO, _ -> {}))
                .hasMessageContaining("is not resolved");
    }

    @Test
    void whatIsAppliedIsThereIsToldAndIsTakenBackWithATrace() throws Exception {
        Incident incident = away(Duration.ofHours(30));
        Run run = preview(incident);
        done(town.registrar.wipe("n2@posta.example"));
        compensations.approve(incident.id(), null, BRUNO, _ -> {});
        compensations.apply(incident.id(), ANNA);
        assertThat(compensations.apply(incident.id(), ANNA).state()).as("again").isEqualTo(State.APPLYING);
        finish();

        Run applied = compensations.run(run.id());
        assertThat(applied.state()).isEqualTo(State.APPLIED);
        assertThat(applied.done()).isEqualTo(60);
        assertThat(applied.lines().stream().mapToLong(Run.Line::gone).sum()).isEqualTo(1);
        assertThat(applied.announced()).isNotNull();
        assertThat(allowance("n4@posta.example")).isEqualTo(20 * MIB);
        assertThat(allowance("n0@posta.example")).isEqualTo(10 * MIB);
        assertThat(told).hasSize(59);
        assertThat(occasions).hasSize(59).allMatch(one -> one.contains("compensation-" + run.id()));
        Account n0 = town.registrar.find("n0@posta.example").orElseThrow();
        assertThat(Objects.requireNonNull(told.get(n0.id())).paragraphs()).anyMatch(text -> text.contains("cresciuto di 10 MB, per sempre"))
                .anyMatch(text -> text.contains("6 mesi gratuiti")).anyMatch(text -> text.contains("«Le caselle non si aprono»"));
        assertThat(compensations.of(n0.id())).extracting(Credit::state).containsExactly("credited");

        compensations.revoke(incident.id(), "wrong rules", BRUNO);
        finish();

        Run revoked = compensations.run(run.id());
        assertThat(revoked.state()).isEqualTo(State.REVOKED);
        assertThat(allowance("n4@posta.example")).isZero();
        assertThat(compensations.of(n0.id())).extracting(Credit::state).containsExactly("ended");
        assertThat(revoked.acts()).extracting(act -> act.act() + " " + act.by().name() + " " + act.words())
                .contains("previewed anna ", "approved bruno " + run.digest(), "applied anna ", "credited casella ",
                        "announced casella ", "revoked bruno wrong rules", "ended casella ");
        assertThat(revoked.lines().stream().mapToLong(Run.Line::ended).sum()).isEqualTo(59);

        Run again = preview(incident);
        compensations.approve(incident.id(), again.digest(), BRUNO, _ -> {});
        compensations.apply(incident.id(), ANNA);
        finish();
        assertThat(allowance("n4@posta.example")).as("once").isEqualTo(20 * MIB);
        assertThat(compensations.of(n0.id())).extracting(Credit::state).containsExactly("credited", "ended");
    }

    @Test
    void whatIsRevokedWhileAPageIsGivenIsTakenBackWhole() throws Exception {
        Incident incident = away(Duration.ofHours(30));
        Run run = preview(incident);
        compensations.approve(incident.id(), null, BRUNO, _ -> {});
        Allowances kept = Allowances.of(town.registrar);
        var ordered = new ArrayList<Run>();
        work = town.work(new Allowances() {
            @Override
            public Set<AccountId> give(List<Registrar.Allowance> some) {
                Set<AccountId> have = kept.give(some);
                // Between directory and desk.
                ordered.add(compensations.revoke(incident.id(), "stop", BRUNO));
                return have;
            }

            @Override
            public void end(String cause, long grant, List<AccountId> accounts) {
                kept.end(cause, grant, accounts);
            }
        }, (_, _, _) -> Voice.Told.TOLD, _ -> {});
        compensations.apply(incident.id(), ANNA);
        finish();

        assertThat(ordered).hasSize(1);
        Run after = compensations.run(run.id());
        assertThat(after.state()).isEqualTo(State.REVOKED);
        assertThat(after.done()).as("nothing was said to be credited").isZero();
        assertThat(town.registrar.list("", 100).accounts()).hasSize(60)
                .allSatisfy(account -> assertThat(account.allowanceBytes()).isZero());
        assertThat(occasions).isEmpty();
    }

    @Test
    void whatARestoredDirectoryLostIsGivenAgain() throws Exception {
        Incident incident = away(Duration.ofHours(30));
        preview(incident);
        compensations.approve(incident.id(), null, BRUNO, _ -> {});
        town.close();
        copy(folder.resolve("directory"), folder.resolve("before"));
        again();
        compensations.apply(incident.id(), ANNA);
        finish();
        int messages = occasions.size();
        assertThat(allowance("n4@posta.example")).isEqualTo(20 * MIB);
        town.close();
        copy(folder.resolve("before"), folder.resolve("directory"));
        again();
        assertThat(allowance("n4@posta.example")).isZero();

        compensations.apply(incident.id(), ANNA);
        finish();

        assertThat(allowance("n4@posta.example")).isEqualTo(20 * MIB);
        assertThat(occasions).as("told once").hasSize(messages);
        assertThat(compensations.runs(incident.id()).getFirst().done()).isEqualTo(60);
    }

    /// Puts a copy of a folder in the place of what is there.
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path one : old.toList()) Files.delete(one);
        }
        try (Stream<Path> all = Files.list(from)) {
            for (Path one : all.toList()) Files.copy(one, to.resolve(one.getFileName()));
        }
    }
}
