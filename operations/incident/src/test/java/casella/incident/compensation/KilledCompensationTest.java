package casella.incident.compensation;

import static casella.incident.compensation.Town.ANNA;
import static casella.incident.compensation.Town.BRUNO;
import static casella.incident.compensation.Town.MIB;
import static casella.incident.compensation.Town.RULES;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.directory.Registrar.Allowance;
import casella.incident.Incident;
import casella.incident.compensation.Run.State;
import casella.incident.voice.Voice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// Proves that each account is credited once and told once, whatever is killed between which two steps: three kills at random places,
/// the work begun anew by another object over the same files each time, as a process does.
final class KilledCompensationTest {
    @TempDir
    private Path folder;

    /// As a kill: nobody catches it.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /// Ends the work after so many steps.
    private static final class Fuse {
        private long left = Long.MAX_VALUE;

        void burn() {
            if (left-- <= 0) throw new Killed();
        }
    }

    private final Map<String, Integer> messages = new HashMap<>();
    private final Random random = new Random(20_261_123);
    private final Fuse fuse = new Fuse();

    /// An answer can be lost after it was done, as well as before.
    private Allowances fragile(Registrar registrar) {
        Allowances kept = Allowances.of(registrar);
        return new Allowances() {
            @Override
            public Set<AccountId> give(List<Allowance> some) {
                fuse.burn();
                Set<AccountId> have = kept.give(some);
                fuse.burn();
                if (random.nextInt(10) == 0) throw new Fault.Unavailable("No answer before the deadline", Map.of());
                return have;
            }

            @Override
            public void end(String cause, long grant, List<AccountId> accounts) {
                fuse.burn();
                kept.end(cause, grant, accounts);
                fuse.burn();
            }
        };
    }

    /// A message is filed under its occasion, once; now and then it cannot be.
    private Voice.Told tell(AccountId account, Voice.Occasion occasion) {
        fuse.burn();
        if (random.nextInt(50) == 0) return Voice.Told.LATER;
        messages.merge(account + " " + occasion, 1, (before, _) -> before);
        fuse.burn();
        return Voice.Told.TOLD;
    }

    private void kill(Town town, long first, long until) throws InterruptedException {
        fuse.left = first + random.nextLong(until - first);
        try {
            finish(town);
            throw new AssertionError("it ended before the kill");
        } catch (Killed e) {
            fuse.left = Long.MAX_VALUE;
        }
    }

    /// Works as after a start, to the end.
    private void finish(Town town) throws InterruptedException {
        CompensationWork work = town.work(fragile(town.registrar), (account, occasion, _) -> tell(account, occasion),
                _ -> fuse.burn());
        for (int idle = 0; idle < 20; ) {
            try {
                idle = work.step() ? 0 : idle + 1;
            } catch (Fault e) {
                idle++;
            }
        }
    }

    private void everybodyHasItOnce(Town town, Run run, int accounts, long roomBytes, long goldBytes) {
        int seen = 0;
        @Nullable AccountId after = null;
        while (true) {
            List<Registrar.Member> page = town.registrar.members(after, 10_000);
            for (Registrar.Member one : page) {
                Account account = town.registrar.account(one.id()).orElseThrow();
                long expected = account.plan().equals("gold") ? goldBytes : roomBytes;
                assertThat(account.allowanceBytes()).as(account.address()).isEqualTo(expected);
                seen++;
            }
            if (page.size() < 10_000) break;
            after = page.getLast().id();
        }
        assertThat(seen).isEqualTo(accounts);
        assertThat(run.owing()).isEqualTo(accounts);
        assertThat(run.lines()).hasSize(4).allSatisfy(line -> {
            assertThat(line.credited()).isEqualTo(line.accounts());
            assertThat(line.gone()).isZero();
        });
        long rows = town.desk.read(s -> s.number("SELECT count(*) FROM compensation_credits WHERE state = 1 AND told = 1"));
        assertThat(rows).isEqualTo(accounts);
    }

    private void killedThreeTimes(int accounts) throws InterruptedException {
        long begun = System.nanoTime();
        try (var town = new Town(folder)) {
            town.accounts(accounts);
            long entered = System.nanoTime();
            Incident incident = town.incident(Duration.ofHours(30));
            town.down(incident.opened(), incident.opened().plus(Duration.ofHours(30)));
            Compensations compensations = town.compensations(town.work(Allowances.of(town.registrar),
                    (_, _, _) -> Voice.Told.LATER, _ -> {}));
            Run run = compensations.preview(incident.id(), RULES, null, null, ANNA, _ -> {});
            long previewed = System.nanoTime();
            compensations.approve(incident.id(), run.digest(), BRUNO, _ -> {});
            long approved = System.nanoTime();
            compensations.apply(incident.id(), ANNA);
            // Five steps to a page of 2,000: two while it is credited, one while it is told.
            long pages = accounts / 2_000;
            kill(town, 1, pages * 2);
            kill(town, 1, pages * 2);
            kill(town, pages * 8, pages * 8 + accounts);
            assertThat(compensations.run(run.id()).state()).isEqualTo(State.APPLIED);
            finish(town);

            Run applied = compensations.run(run.id());
            assertThat(applied.announced()).isNotNull();
            everybodyHasItOnce(town, applied, accounts, 20 * MIB, 10 * MIB);
            assertThat(messages).hasSize(accounts);
            long credited = System.nanoTime();

            compensations.apply(incident.id(), ANNA);
            finish(town);
            everybodyHasItOnce(town, compensations.run(run.id()), accounts, 20 * MIB, 10 * MIB);
            compensations.revoke(incident.id(), "a proof", BRUNO);
            kill(town, 1, pages * 3);
            finish(town);
            assertThat(town.directory.account(town.registrar.members(null, 1).getFirst().id()).orElseThrow()
                    .allowanceBytes()).isZero();
            assertThat(compensations.run(run.id()).lines()).allSatisfy(line ->
                    assertThat(line.ended()).isEqualTo(line.accounts()));
            System.out.printf("%,d accounts: entered %d s, previewed %d s, approved %d s, given and told %d s, again and back %d s%n",
                    accounts, seconds(begun, entered), seconds(entered, previewed), seconds(previewed, approved),
                    seconds(approved, credited), seconds(credited, System.nanoTime()));
        }
    }

    private static long seconds(long from, long until) {
        return Duration.ofNanos(until - from).toSeconds();
    }

    /// Each step of a page once, so that none is left to chance.
    @Test
    void aKillBeforeAnyStepLeavesNobodyOutAndGivesNobodyTwice() throws InterruptedException {
        try (var town = new Town(folder)) {
            town.accounts(6);
            boolean killed = true;
            for (int step = 0; killed; step++) {
                Incident incident = town.incident(Duration.ofHours(30));
                town.down(incident.opened(), incident.opened().plus(Duration.ofHours(30)));
                Compensations compensations = town.compensations(town.work(Allowances.of(town.registrar),
                        (_, _, _) -> Voice.Told.LATER, _ -> {}));
                compensations.preview(incident.id(), RULES, null, null, ANNA, _ -> {});
                compensations.approve(incident.id(), null, BRUNO, _ -> {});
                compensations.apply(incident.id(), ANNA);
                fuse.left = step;
                killed = false;
                try {
                    finish(town);
                } catch (Killed e) {
                    killed = true;
                }
                fuse.left = Long.MAX_VALUE;
                finish(town);
                for (Account one : town.registrar.list("", 10).accounts()) {
                    long each = one.plan().equals("gold") ? 10 * MIB : 20 * MIB;
                    assertThat(one.allowanceBytes()).as("killed before step " + step).isEqualTo((step + 1) * each);
                }
                assertThat(messages).as("killed before step " + step).hasSize(6 * (step + 1));
                assertThat(step).as("it ends").isLessThan(200);
            }
        }
    }

    @Test
    void twentyThousandAreCreditedOnce() throws InterruptedException {
        killedThreeTimes(20_000);
    }

    @Test
    @Tag("long")
    void aMillionAreCreditedOnce() throws InterruptedException {
        killedThreeTimes(1_000_000);
    }
}
