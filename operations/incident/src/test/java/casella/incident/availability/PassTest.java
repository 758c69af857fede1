package casella.incident.availability;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.continuity.cohort.Cohort;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the pass says of each account what its own record says, and adds that up by brand and plan.
final class PassTest {
    private static final int ACCOUNTS = 25_000;
    private static final Map<String, Boolean> PLANS = Map.of("free", false, "gold", true);

    private final SteppedClock clock = new SteppedClock();
    private final Random random = new Random(20_230_123);
    private final List<Registrar.Member> accounts = new ArrayList<>();

    private long now() {
        return clock.now().toEpochMilli();
    }

    private List<Registrar.Member> after(@Nullable AccountId after, int limit) {
        int from = 0;
        while (after != null && accounts.get(from).id().value() != after.value()) from++;
        if (after != null) from++;
        return accounts.subList(from, Math.min(accounts.size(), from + limit));
    }

    private static Member member(Registrar.Member one) {
        Cohort cohort = one.cohort() == null ? Cohort.slice(one.id()) : new Cohort.Staff();
        return new Member(one.brand(), one.plan(), one.plan().equals("gold"), cohort);
    }

    private void fill(Desk desk) {
        List<String> brands = List.of("posta", "virgola");
        for (int i = 0; i < ACCOUNTS; i++) {
            var id = new AccountId(i == 0 ? Long.MIN_VALUE : i == 1 ? Long.MAX_VALUE : random.nextLong());
            String plan = random.nextInt(3) == 0 ? "gold" : "free";
            accounts.add(new Registrar.Member(id, i + "@posta.example", brands.get(i % 2), plan,
                    i % 1_000 == 0 ? "staff" : null, Instant.EPOCH));
        }
        accounts.sort(Comparator.comparingLong(one -> one.id().value()));
        long start = now() - 1_000_000;
        var _ = desk.write(s -> {
            AvailabilityTables.beat(s, now(), false);
            AvailabilityTables.scope(s, new Scope.Everybody(), Cause.KILLED, start, start + 7_000);
            AvailabilityTables.scope(s, new Scope.OfBrand("virgola"), Cause.VAULTS, start + 5_000, start + 20_000);
            var unpaid = new Scope.OfCohort(new Cohort.Slice(7), true);
            AvailabilityTables.scope(s, unpaid, Cause.NOT_LET_IN, start, null);
            AvailabilityTables.scope(s, new Scope.OfProtocol("imap"), Cause.DIRECTORY, start, null);
            for (Registrar.Member one : accounts) {
                boolean edge = one.id().value() == Long.MIN_VALUE || one.id().value() == Long.MAX_VALUE;
                if (random.nextInt(20) != 0 && !edge) continue;
                // One account has more than a page.
                int count = one.id().value() == Long.MAX_VALUE ? 12_000 : 1 + random.nextInt(3);
                for (int i = 0; i < count; i++) {
                    long from = start + random.nextInt(1_000_000);
                    Cause cause = i % 2 == 0 ? Cause.CALL : Cause.HELD;
                    @Nullable Long until = i == 2 && count == 3 ? null : from + (count > 3 ? 10 : 3_000);
                    AvailabilityTables.account(s, one.id(), cause, from, until);
                }
            }
            // Somebody whom the directory does not know any more.
            AvailabilityTables.account(s, new AccountId(17), Cause.CALL, start, null);
            return true;
        });
    }

    @Test
    void eachAccountIsAsItsRecordSaysAndTheTotalsAreTheirs(@TempDir Path folder) {
        try (Desk desk = Desk.open(folder)) {
            fill(desk);
            clock.step(Duration.ofSeconds(5));
            var availability = new Availability(desk, clock, true);
            var asked = new Span(now() - 900_000, Long.MAX_VALUE);
            var found = new HashMap<AccountId, AwayMillis>();
            var progress = new ArrayList<Long>();

            var worked = new HashSet<AccountId>();
            Totals totals = new Pass(availability, this::after, PLANS::get).run(asked, new Pass.Each() {
                @Override
                public void away(Registrar.Member account, AwayMillis away) {
                    found.put(account.id(), away);
                }

                @Override
                public void worked(Registrar.Member account) {
                    worked.add(account.id());
                }
            }, progress::add);

            assertThat(worked).isNotEmpty().doesNotContainAnyElementsOf(found.keySet());
            assertThat(worked.size() + found.size()).isEqualTo(ACCOUNTS);

            assertThat(progress).containsExactly(10_000L, 20_000L, 25_000L);
            assertThat(totals.window()).isEqualTo(new Span(asked.from(), now()));
            var expected = new Totals(totals.window());
            for (Registrar.Member one : accounts) {
                AccountRecord record = availability.of(one.id(), member(one), asked);
                assertThat(found.getOrDefault(one.id(), new AwayMillis(0, 0, 0, 0, 0, 0)))
                        .as(one.id().toString()).isEqualTo(AwayMillis.of(record));
                expected.add(new Totals.Group(one.brand(), one.plan()), AwayMillis.of(record), record.own());
            }
            assertThat(totals.groups()).hasSize(4).isEqualTo(expected.groups());
            for (Totals.Group group : totals.groups()) {
                assertThat(totals.accounts(group)).isEqualTo(expected.accounts(group)).isPositive();
                assertThat(totals.mailbox(group)).isEqualTo(expected.mailbox(group));
                for (Capability capability : Capability.values()) {
                    assertThat(totals.of(group, capability)).isEqualTo(expected.of(group, capability));
                }
                assertThat(totals.of(group, Capability.READ).own()).isPositive();
                assertThat(totals.mailbox(group).accounts())
                        .isGreaterThan(totals.of(group, Capability.READ).own());
            }
        }
    }

    /// What single accounts, cohorts or protocols met is not everybody's.
    @Test
    void whatHeldForAllOfABrandIsToldOfTheBrand(@TempDir Path folder) {
        try (Desk desk = Desk.open(folder)) {
            fill(desk);
            long start = now() - 1_000_000;
            var availability = new Availability(desk, clock, true);
            var asked = new Span(start + 1_000, Long.MAX_VALUE);

            assertThat(availability.awayForAll("posta", asked)).containsExactly(new Span(start + 1_000, start + 7_000));
            assertThat(availability.awayForAll("virgola", asked)).containsExactly(new Span(start + 1_000, start + 20_000));
        }
    }

    @Test
    void aTotalIsWhatWasAddedToIt() {
        var totals = new Totals(new Span(0, 100));
        var group = new Totals.Group("posta", "free");
        totals.add(group, new AwayMillis(0, 0, 0, 0, 0, 0), List.of());
        totals.add(group, new AwayMillis(0, 30, 1, 2, 3, 30), List.of(Capability.READ));
        totals.add(group, new AwayMillis(5, 10, 0, 0, 0, 12), List.of());

        assertThat(totals.accounts(group)).isEqualTo(3);
        assertThat(totals.of(group, Capability.READ)).isEqualTo(new Totals.Sum(2, 1, 40, 30));
        assertThat(totals.of(group, Capability.LOG_IN)).isEqualTo(new Totals.Sum(1, 0, 5, 5));
        assertThat(totals.mailbox(group)).isEqualTo(new Totals.Sum(2, 1, 42, 30));
        assertThat(totals.of(new Totals.Group("posta", "gold"), Capability.READ)).isEqualTo(Totals.Sum.NOTHING);
    }
}
