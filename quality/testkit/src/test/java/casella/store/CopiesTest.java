package casella.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.store.health.Breaker;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryVault;
import casella.testkit.SteppedClock;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves the copies policy: how many copies answer a write, what is owed, which vault is asked and when.
final class CopiesTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SteppedClock clock = new SteppedClock();
    private final Debt debt = new Debt(clock, Metrics.none());
    private final FaultyVault one = new FaultyVault(new MemoryVault("one"));
    private final FaultyVault two = new FaultyVault(new MemoryVault("two"));
    private final AccountId account = AccountId.random();
    private final Arrivals arrivals = new Arrivals(Clock.system());

    private Copies copies(int ack, int ackMin, Duration write, Duration read) {
        var policy = new Copies.Policy(2, Copies.Distinct.TECHNOLOGY, ack, ackMin, write, read);
        return new Copies(List.of(one, two), policy, Breaker.Rule.STANDARD, debt, Metrics.none());
    }

    private record Mail(ObjectName name, byte[] content, byte[] object) {}

    private Mail mail(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        ArrivalId arrival = arrivals.next();
        ObjectName name = ObjectName.mail(account, arrival, Sha256.of(content));
        return new Mail(name, content, StoredObject.encode(name, new byte[0], content));
    }

    @AfterEach
    void close() {
        one.heal();
        two.heal();
        one.close();
        two.close();
    }

    @Test
    void aPolicyThatTheVaultsCannotKeepIsRefusedWithTheirNames() {
        var three = new Copies.Policy(3, Copies.Distinct.TECHNOLOGY, 2, 1, LONG, LONG);
        assertThatThrownBy(() -> new Copies(List.of(one, two), three, debt, Metrics.none()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("store.copies: 3")
                .hasMessageContaining("one (memory-one), two (memory-two)");
    }

    /// Second questions are few, so that a slow storage is not asked twice as much; one that hangs gives nobody an answer to
    /// wait for.
    @Test
    void aVaultThatAnswersNobodyIsNotWaitedForHoweverManyAskedASecondOne() {
        Copies copies = copies(2, 1, LONG, LONG);
        Mail mail = mail("tante volte");
        assertThat(copies.put(mail.name(), mail.object())).isZero();
        one.reads(Trouble.hung());
        long began = System.nanoTime();
        for (int i = 0; i < 30; i++) assertThat(copies.read(mail.name())).isInstanceOf(Body.Present.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG.dividedBy(2));
    }

    /// However slow it was before: many accounts that are opened elsewhere each read several objects, one after the other.
    @Test
    void aReadBehindAVaultThatAnswersNobodyAsksTheNextAtOnce() {
        Copies copies = copies(2, 1, LONG, LONG);
        Mail mail = mail("subito");
        assertThat(copies.put(mail.name(), mail.object())).isZero();
        for (int i = 0; i < 400; i++) copies.homes().getFirst().latency()
                .took(Duration.ofSeconds(1).toNanos());
        one.reads(Trouble.hung());
        assertThat(copies.read(mail.name())).isInstanceOf(Body.Present.class);
        long began = System.nanoTime();
        for (int i = 0; i < 10; i++) assertThat(copies.read(mail.name())).isInstanceOf(Body.Present.class);
        // Ten times the half second that a slow vault is given would be five.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void oneCopyIsInTheFirstVaultAlone() {
        var policy = new Copies.Policy(1, Copies.Distinct.TECHNOLOGY, 1, 1, LONG, LONG);
        var copies = new Copies(List.of(one, two), policy, debt, Metrics.none());
        Mail mail = mail("sola");
        assertThat(copies.put(mail.name(), mail.object())).isZero();
        assertThat(two.get(mail.name(), 0, 10, LONG)).isNull();
        assertThat(debt.figures().objects()).isZero();
        assertThat(copies.read(mail.name())).isInstanceOf(Body.Present.class);
    }

    @Test
    void aWriteIsAnsweredWithOneCopyWhenThePolicySaysSo() {
        two.writes(Trouble.hung());
        Copies copies = copies(1, 1, LONG, LONG);
        Mail mail = mail("presto");
        long start = System.nanoTime();
        assertThat(copies.put(mail.name(), mail.object())).isEqualTo(1);
        assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
        assertThat(debt.figures().objects()).isEqualTo(1);
        two.heal();
        await(() -> debt.figures().objects() == 0);
    }

    @Test
    void aHungVaultCostsOneWriterItsPatienceAndTheNextOnesNothing() {
        two.writes(Trouble.hung());
        Copies copies = copies(2, 1, SHORT, LONG);
        Mail first = mail("lenta");
        assertThat(copies.put(first.name(), first.object())).isEqualTo(1);
        assertThat(copies.homes().get(1).breaker().state()).isEqualTo(Breaker.State.OPEN);
        two.heal();
        for (int i = 0; i < 50; i++) {
            Mail mail = mail("subito " + i);
            assertThat(copies.put(mail.name(), mail.object())).isEqualTo(1);
            assertThat(two.get(mail.name(), 0, 10, LONG)).isNull();
        }
        assertThat(debt.figures().objects()).isBetween(50L, 51L);
        assertThat(debt.figures("two").objects()).isEqualTo(debt.figures().objects());
    }

    @Test
    void withTwoCopiesWantedAtLeastTheSenderKeepsTheMail() {
        two.writes(Trouble.unavailable());
        Copies copies = copies(2, 2, LONG, LONG);
        Mail mail = mail("due o niente");
        assertThatThrownBy(() -> copies.put(mail.name(), mail.object()))
                .isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void aFullVaultIsOwedACopyAndStaysInUse() {
        two.writes(Trouble.full());
        Copies copies = copies(2, 1, LONG, LONG);
        for (int i = 0; i < 10; i++) {
            Mail mail = mail("piena " + i);
            assertThat(copies.put(mail.name(), mail.object())).isEqualTo(1);
        }
        assertThat(copies.homes().get(1).breaker().closed()).isTrue();
        one.writes(Trouble.full());
        Mail mail = mail("ovunque");
        assertThatThrownBy(() -> copies.put(mail.name(), mail.object())).isInstanceOf(Fault.Exhausted.class);
    }

    @Test
    void aSlowVaultIsNotWaitedForWhenAnotherHasTheMail() {
        Copies copies = copies(2, 1, LONG, LONG);
        Mail mail = mail("altrove");
        copies.put(mail.name(), mail.object());
        one.reads(Trouble.hung());
        long start = System.nanoTime();
        assertThat(((Body.Present) copies.read(mail.name())).bytes()).isEqualTo(mail.content());
        assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
    }

    @Test
    void wrongBytesAreOwedAndTheOtherCopyIsServed() {
        Copies copies = copies(2, 1, LONG, LONG);
        Mail mail = mail("giusta");
        copies.put(mail.name(), mail.object());
        var troubles = List.of(Trouble.wrongBytes(), Trouble.shortBytes(), Trouble.missing(),
                Trouble.corrupt());
        for (Trouble trouble : troubles) {
            one.reads(trouble);
            assertThat(((Body.Present) copies.read(mail.name())).bytes()).isEqualTo(mail.content());
            await(() -> debt.owes(mail.name(), "one", Debt.Kind.COPY));
            debt.paid(mail.name(), "one");
            one.heal();
        }
        assertThat(copies.homes().getFirst().breaker().closed()).isTrue();
    }

    @Test
    void whatEndedIsOwedARemovalByTheVaultThatWasAway() {
        Copies copies = copies(2, 1, SHORT, LONG);
        Mail mail = mail("finita");
        copies.put(mail.name(), mail.object());
        two.writes(Trouble.unavailable());
        copies.discard(mail.name());
        assertThat(debt.owes(mail.name(), "two", Debt.Kind.REMOVAL)).isTrue();
        assertThat(debt.owes(mail.name(), "one", Debt.Kind.REMOVAL)).isFalse();
        // A reader that finds it missing does not bring it back.
        assertThat(copies.read(mail.name())).isInstanceOf(Body.class);
        assertThat(debt.figures().objects()).isZero();
    }

    @Test
    void debtIsCountedByVaultAndAccountAndByItsAge() {
        Mail mail = mail("a");
        Mail other = mail("b");
        debt.owed(mail.name(), "one", 100);
        clock.step(Duration.ofSeconds(60));
        debt.owed(mail.name(), "two", 100);
        debt.owed(other.name(), "two", 10);
        debt.owed(other.name(), "two", 10);
        assertThat(debt.figures()).isEqualTo(new Debt.Figures(2, 210, 1, 60));
        assertThat(debt.figures("two")).isEqualTo(new Debt.VaultFigures(2, 110, 1, 0));
        debt.paid(mail.name(), "one");
        assertThat(debt.figures()).isEqualTo(new Debt.Figures(2, 110, 1, 0));
        debt.ended(mail.name());
        debt.paid(other.name(), "two");
        assertThat(debt.figures()).isEqualTo(new Debt.Figures(0, 0, 0, 0));
        assertThat(debt.hints()).isZero();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("condition did not come about");
            Thread.onSpinWait();
        }
    }
}
