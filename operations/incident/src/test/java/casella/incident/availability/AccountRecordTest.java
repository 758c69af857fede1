package casella.incident.availability;

import static org.assertj.core.api.Assertions.assertThat;

import casella.continuity.cohort.Cohort;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Proves that an account's record says, for each capability and each second, what the intervals of its scopes and its own say.
final class AccountRecordTest {
    private static final Member ANNA = new Member("posta", "free", false, new Cohort.Slice(7));
    private static final Member PAYS = new Member("virgola", "gold", true, new Cohort.Slice(8));
    private static final int SECONDS = 60;

    private static Arbitrary<Interval> interval() {
        return Combinators.combine(
                        Arbitraries.of(Cause.class), Arbitraries.integers().between(-5, SECONDS + 5),
                        Arbitraries.integers().between(-2, 20))
                .as((cause, from, length) -> new Interval(cause, new Span(from, from + length)));
    }

    private static Arbitrary<Scope> scope() {
        return Arbitraries.of(new Scope.Everybody(), new Scope.OfBrand("posta"), new Scope.OfBrand("virgola"),
                new Scope.OfCohort(new Cohort.Slice(7), false), new Scope.OfCohort(new Cohort.Slice(8), true),
                new Scope.OfCohort(new Cohort.Staff(), false), new Scope.OfProtocol("imap"));
    }

    @Provide
    Arbitrary<List<Interval>> own() {
        return interval().list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Interval.OfScope>> scopes() {
        return Combinators.combine(scope(), interval()).as(Interval.OfScope::new).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<Member> member() {
        return Arbitraries.of(ANNA, PAYS);
    }

    /// What is so in one second.
    private record Second(boolean away, boolean own, Set<Cause> causes) {}

    private static Second second(
            int at, Capability capability, Member member, List<Interval.OfScope> scopes, List<Interval> own) {
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        boolean itself = false;
        for (Interval.OfScope one : scopes) {
            boolean covers = one.scope().equals(new Scope.Everybody())
                    || one.scope().equals(new Scope.OfBrand(member.brand()))
                    || one.scope().equals(new Scope.OfCohort(member.cohort(), false))
                    || (!member.paid() && one.scope().equals(new Scope.OfCohort(member.cohort(), true)));
            if (covers && holds(one.interval(), at, capability)) causes.add(one.interval().cause());
        }
        for (Interval one : own) {
            if (!holds(one, at, capability)) continue;
            causes.add(one.cause());
            itself = true;
        }
        return new Second(!causes.isEmpty(), itself, causes);
    }

    private static boolean holds(Interval one, int at, Capability capability) {
        return one.cause().capabilities().contains(capability) && contains(one.span(), at);
    }

    private static boolean contains(Span span, int at) {
        return span.from() <= at && at < span.until();
    }

    @Property
    void everySecondIsAsItsIntervalsSay(
            @ForAll("member") Member member, @ForAll("scopes") List<Interval.OfScope> scopes,
            @ForAll("own") List<Interval> own) {
        var record = AccountRecord.of(member, scopes, own, new Span(0, SECONDS));

        for (Capability capability : Capability.values()) {
            List<AccountRecord.Away> away = record.away(capability);
            for (int i = 1; i < away.size(); i++) {
                assertThat(away.get(i).span().from()).isGreaterThan(away.get(i - 1).span().until());
            }
            long sum = 0;
            for (int at = 0; at < SECONDS; at++) {
                int second = at;
                Second expected = second(at, capability, member, scopes, own);
                Optional<AccountRecord.Away> found = away.stream()
                        .filter(one -> contains(one.span(), second)).findFirst();
                assertThat(found.isPresent()).as("%s at %d", capability, at).isEqualTo(expected.away());
                if (expected.away()) sum++;
                if (found.isEmpty()) continue;
                assertThat(found.get().causes()).containsAll(expected.causes());
                if (expected.own()) assertThat(found.get().own()).isTrue();
            }
            assertThat(record.millis(capability)).isEqualTo(sum);
            for (AccountRecord.Away one : away) causesAreOfThatTime(one, capability, member, scopes, own);
        }
        long either = 0;
        for (int at = 0; at < SECONDS; at++) {
            if (second(at, Capability.LOG_IN, member, scopes, own).away()
                    || second(at, Capability.READ, member, scopes, own).away()) either++;
        }
        assertThat(record.millis(Capability.MAILBOX)).isEqualTo(either);
    }

    private static void causesAreOfThatTime(AccountRecord.Away away, Capability capability, Member member,
            List<Interval.OfScope> scopes, List<Interval> own) {
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        boolean itself = false;
        for (int at = (int) away.span().from(); at < away.span().until(); at++) {
            Second second = second(at, capability, member, scopes, own);
            assertThat(second.away()).isTrue();
            causes.addAll(second.causes());
            itself |= second.own();
        }
        assertThat(away.causes()).isEqualTo(causes);
        assertThat(away.own()).isEqualTo(itself);
    }

    @Test
    void whatHoldsForAProtocolIsShownAndCountsForNobody() {
        var imap = new Interval.OfScope(new Scope.OfProtocol("imap"), new Interval(Cause.DIRECTORY, new Span(-10, 10)));

        var record = AccountRecord.of(ANNA, List.of(imap), List.of(), new Span(0, 60));

        assertThat(record.millis(Capability.LOG_IN)).isZero();
        assertThat(record.byProtocol())
                .containsExactly(
                        new Interval.OfScope(imap.scope(), new Interval(Cause.DIRECTORY, new Span(0, 10))));
    }

    @Test
    void scopesAndCausesAreReadAsTheyAreWritten() {
        var scopes = new ArrayList<Scope>(List.of(new Scope.Everybody(), new Scope.OfBrand("posta uno"),
                new Scope.OfProtocol("imap"), new Scope.OfCohort(new Cohort.Staff(), false)));
        for (int i = 0; i < Cohort.SLICES; i++) {
            scopes.add(new Scope.OfCohort(new Cohort.Slice(i), i % 2 == 0));
        }

        for (Scope scope : scopes) assertThat(Scope.of(scope.text())).contains(scope);
        for (Cause cause : Cause.values()) assertThat(Cause.of(cause.word())).contains(cause);
        assertThat(Scope.of("planet mars")).isEmpty();
        assertThat(Scope.of("all")).isEmpty();
        assertThat(Scope.of("cohort slice-7")).isEmpty();
        assertThat(Cause.of("gremlins")).isEmpty();
    }
}
