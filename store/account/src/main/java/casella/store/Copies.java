package casella.store;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.store.health.Breaker;
import casella.store.health.Latency;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The vaults under one policy: where copies go, when a write may be answered, which copy is read.
///
/// A vault whose breaker is open gets nothing: a write to it is debt at once, and it is read only when the
/// others do not have what is asked. Page: ARCHITECTURE.md, "A vault goes away".
public final class Copies {
    /// What makes two copies two: vaults of different technologies, or merely different vaults.
    public enum Distinct {
        TECHNOLOGY,
        INSTANCE
    }

    /// How many copies there are, and when a write may be answered.
    ///
    /// @param copies objects of everything, each in another vault, in the order in which the vaults are
    ///                configured
    /// @param ack copies that are synced before a write is answered
    /// @param ackMin the fewest that will do when others failed, in vaults that have not just failed; the
    ///                rest is debt
    /// @param write how long to wait for a slow vault
    /// @param read how long one vault may take to answer a read
    public record Policy(int copies, Distinct distinct, int ack, int ackMin, Duration write, Duration read) {
        public static final Policy DEFAULT =
                new Policy(2, Distinct.TECHNOLOGY, 2, 1, Duration.ofSeconds(5), Duration.ofSeconds(2));

        public Policy {
            if (copies < 1 || ack < 1
                    || ackMin < 1) throw new IllegalArgumentException("copies policy: at least 1");
            if (ack > copies) throw new IllegalArgumentException("ack: must be at most copies");
            if (ackMin > ack) throw new IllegalArgumentException("ack-min: must be at most ack");
        }

        /// Returns which of `vaults` hold copies: the first ones that are distinct.
        ///
        /// @throws IllegalArgumentException if there are too few
        List<Vault> homes(List<Vault> vaults) {
            var homes = new ArrayList<Vault>();
            var seen = new HashSet<String>();
            for (Vault vault : vaults) {
                boolean another = seen.add(distinct == Distinct.TECHNOLOGY ? vault.technology()
                        : vault.name());
                if (another && homes.size() < copies) homes.add(vault);
            }
            if (homes.size() == copies) return homes;
            String there = vaults.stream()
                    .map(vault -> vault.name() + " (" + vault.technology() + ")")
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "store.copies: " + copies + " copies need as many vaults"
                            + (distinct == Distinct.TECHNOLOGY ? " of different technologies" : "")
                            + "; there are " + there);
        }
    }

    /// Bytes read at first for a range: header, receipt and chunk table of nearly every mail.
    private static final int FIRST_READ = 4_096;

    /// The vaults as they stand now.
    private record Standing(List<Shelf> shelves, List<Shelf> homes, List<Vault> vaults,
            @Nullable Newcomer newcomer) {
        static Standing of(List<Shelf> shelves) {
            return new Standing(shelves, shelves.stream().filter(Shelf::home).toList(),
                    shelves.stream().map(Shelf::vault).toList(), null);
        }

        Standing with(@Nullable Newcomer newcomer) {
            return new Standing(shelves, homes, vaults, newcomer);
        }
    }

    private final Breaker.Rule rule;
    private volatile Standing now;
    private final Policy policy;
    private final Debt debt;
    private final Holes holes = new Holes();
    private final Metrics metrics;
    private final HedgedRead.Budget hedges = new HedgedRead.Budget();

    /// @param vaults in the order in which they are read
    /// @throws IllegalArgumentException if the policy asks for more than they are
    public Copies(List<Vault> vaults, Policy policy, Debt debt, Metrics metrics) {
        this(vaults, policy, Breaker.Rule.STANDARD, debt, metrics);
    }

    /// @param rule of each vault's breaker
    public Copies(List<Vault> vaults, Policy policy, Breaker.Rule rule, Debt debt, Metrics metrics) {
        List<Vault> homes = policy.homes(vaults);
        this.rule = rule;
        this.now = Standing.of(vaults.stream().map(vault -> shelf(vault, homes.contains(vault), debt))
                .toList());
        this.policy = policy;
        this.debt = debt;
        this.metrics = metrics;
    }

    private Shelf shelf(Vault vault, boolean home, Debt debt) {
        return new Shelf(vault, new Breaker("vault." + vault.name(), rule, debt.clock()), new Latency(),
                home);
    }

    /// Returns a shelf for a vault that is not one of these yet: it gets and holds nothing before [#join].
    public Shelf shelf(Vault vault) {
        return new Shelf(vault, new Breaker("newcomer." + vault.name(), rule, debt.clock()), new Latency(),
                false);
    }

    /// Returns the vaults that count; a newcomer does not.
    public List<Vault> vaults() {
        return now.vaults();
    }

    /// Returns every vault that counts with its breaker, in the order in which they are read.
    public List<Shelf> shelves() {
        return now.shelves();
    }

    /// Returns every vault in which something may lie: those that count, and the newcomer.
    public List<Shelf> all() {
        Standing standing = now;
        Newcomer newcomer = standing.newcomer();
        if (newcomer == null) return standing.shelves();
        var all = new ArrayList<Shelf>(standing.shelves());
        all.add(newcomer.shelf());
        return all;
    }

    /// Returns the vaults that hold a copy of everything.
    public List<Shelf> homes() {
        return now.homes();
    }

    public @Nullable Newcomer newcomer() {
        return now.newcomer();
    }

    /// Says whether an account's copies are read in the newcomer first.
    boolean newcomerServes(AccountId account) {
        Newcomer newcomer = now.newcomer();
        return newcomer != null && newcomer.readsFirst(account);
    }

    /// Has a newcomer get every write and removal from now on.
    ///
    /// @throws IllegalStateException if there is another
    public synchronized void join(Newcomer newcomer) {
        if (now.newcomer() != null) throw new IllegalStateException("There is a newcomer already");
        now = now.with(newcomer);
    }

    /// Has the newcomer get nothing any more. What it has stays in it.
    public synchronized void leave() {
        now = now.with(null);
    }

    /// Returns the vaults as they would be with another in the place of one of them.
    ///
    /// @throws IllegalArgumentException if the policy could not be kept with these
    public List<Vault> without(String gone, Vault another) {
        List<Vault> then = now.vaults().stream().map(vault -> vault.name().equals(gone) ? another : vault)
                .toList();
        if (!policy.homes(then).contains(another)) {
            throw new IllegalArgumentException(
                    "the copies policy would put no copy into it in the place of " + gone);
        }
        return then;
    }

    /// Puts the newcomer in the place of the vault it is to replace, which gets nothing any more. What the newcomer lacks is
    /// debt from now on; whoever calls has a survey find it.
    ///
    /// @return the newcomer as a home
    public synchronized Shelf replace() {
        Newcomer newcomer = now.newcomer();
        if (newcomer == null) throw new IllegalStateException("There is no newcomer");
        Shelf came = shelf(newcomer.shelf().vault(), true, debt);
        if (!policy.homes(without(newcomer.replaces().name(), came.vault())).contains(came.vault())) {
            throw new IllegalStateException("The policy would not choose the newcomer");
        }
        now = Standing.of(now.shelves().stream()
                .map(shelf -> shelf.name().equals(newcomer.replaces().name()) ? came : shelf)
                .toList());
        debt.forget(newcomer.replaces().name());
        return came;
    }

    public Policy policy() {
        return policy;
    }

    public Debt debt() {
        return debt;
    }

    /// Returns what the holes of all accounts came to.
    public Holes holes() {
        return holes;
    }

    /// Writes an object to every vault that should have it and returns when the policy is satisfied.
    ///
    /// @return how many vaults owe a copy
    /// @throws Fault.Unavailable if too few vaults took it
    /// @throws Fault.Exhausted if too few took it because there is no room
    public int put(ObjectName name, byte[] object) {
        return begin(name, object).await();
    }

    /// Hands an object to every vault that should have it; nothing is known of it before [Writing#await].
    Writing begin(ObjectName name, byte[] object) {
        // What went may be wanted again: a page, named by what it holds, or a mail that was taken back
        // when its first attempt failed and that the queue kept under the same arrival.
        return debt.inTurn(name, () -> {
            debt.wantedAgain(name);
            Standing standing = now;
            var writing = new Writing(standing.homes(), policy, debt, metrics, name, object);
            Newcomer newcomer = standing.newcomer();
            if (newcomer != null) newcomer.write(name, object, writing.into(newcomer.replaces()));
            return writing;
        });
    }

    /// Returns the vaults in the order in which they are read: those that are well before those that lately
    /// failed, and these before those whose breaker is open, and last those that answer nobody. The newcomer comes first for accounts that were moved to it while it
    /// is well, and last for the others.
    private List<Shelf> readingOrder(AccountId account) {
        Standing standing = now;
        List<Shelf> shelves = standing.shelves();
        Newcomer newcomer = standing.newcomer();
        if (newcomer == null) return answeringFirst(readingOrder(shelves));
        var order = new ArrayList<Shelf>(shelves.size() + 1);
        if (newcomer.readsFirst(account)) order.add(newcomer.shelf());
        order.addAll(readingOrder(shelves));
        if (order.size() == shelves.size()) order.add(newcomer.shelf());
        return answeringFirst(order);
    }

    /// Puts vaults last of which enough is asked already that they do not answer: one more question would teach nobody anything.
    private static List<Shelf> answeringFirst(List<Shelf> order) {
        if (order.stream().noneMatch(shelf -> shelf.latency().askedInVain())) return order;
        var first = new ArrayList<Shelf>(order.size());
        for (Shelf shelf : order) if (!shelf.latency().askedInVain()) first.add(shelf);
        for (Shelf shelf : order) if (!first.contains(shelf)) first.add(shelf);
        return first;
    }

    private static List<Shelf> readingOrder(List<Shelf> shelves) {
        var order = new ArrayList<Shelf>(shelves.size());
        for (Shelf shelf : shelves) if (shelf.breaker().trusted()) order.add(shelf);
        if (order.size() == shelves.size()) return order;
        for (Shelf shelf : shelves) if (shelf.breaker().closed() && !order.contains(shelf)) order.add(shelf);
        for (Shelf shelf : shelves) if (!order.contains(shelf)) order.add(shelf);
        return order;
    }

    /// Returns the whole content, from the first vault whose copy is right.
    public Body read(ObjectName name) {
        return read(name, shelf -> {
            byte[] object = shelf.vault().get(name, 0, Integer.MAX_VALUE, policy.read());
            return object == null ? null : new HedgedRead.Copy(StoredObject.read(name, object),
                    object.length);
        });
    }

    /// Returns content `from` (inclusive) until `until` (exclusive), cut at its end.
    Body read(ObjectName name, int from, int until) {
        return read(name, shelf -> {
            Vault vault = shelf.vault();
            byte[] start = vault.get(name, 0, FIRST_READ, policy.read());
            if (start == null) return null;
            int head = StoredObject.headLength(start);
            if (head > start.length) start = vault.get(name, 0, head, policy.read());
            if (start == null) return null;
            StoredObject object = StoredObject.open(name, start);
            int end = Math.min(until, object.contentLength());
            StoredObject.Stretch stretch = object.stretch(Math.min(from, end), end);
            byte[] stored = null;
            if (stretch.from() + stretch.length() <= start.length) {
                int at = (int) stretch.from();
                stored = Arrays.copyOfRange(start, at, at + stretch.length());
            } else {
                stored = vault.get(name, stretch.from(), stretch.length(), policy.read());
            }
            if (stored == null) return null;
            return new HedgedRead.Copy(object.content(Math.min(from, end), end, stored), object.length());
        });
    }

    private Body read(ObjectName name, HedgedRead.Reading reading) {
        return new HedgedRead(name, readingOrder(name.account()), reading, policy.read(), debt, metrics)
                .run(hedges);
    }

    /// Takes back an object that nothing names, everywhere. What a vault does not remove now it owes, and
    /// removes before it counts again.
    public void discard(ObjectName name) {
        discard(List.of(name), homes());
    }

    /// Removes objects from some vaults. No copy of them is owed any more, in any vault; what a vault does
    /// not remove now it owes.
    ///
    /// @param names at most a few hundred: they are handed over together
    public void discard(List<ObjectName> names, List<Shelf> from) {
        Deadline deadline = Deadline.in(policy.write());
        List<@Nullable Ticket<Void>> tickets = new ArrayList<>(names.size() * from.size());
        for (ObjectName name : names) {
            tickets.addAll(debt.inTurn(name, () -> {
                debt.ended(name);
                List<@Nullable Ticket<Void>> handed = new ArrayList<>(from.size());
                for (Shelf shelf : from) {
                    debt.removalOwed(name, shelf.name());
                    handed.add(shelf.breaker().closed() ? shelf.vault().delete(name) : null);
                }
                Newcomer newcomer = now.newcomer();
                if (newcomer != null
                        && names(from).contains(newcomer.replaces().name())) newcomer.remove(name, debt);
                return handed;
            }));
        }
        for (int i = 0; i < tickets.size(); i++) {
            @Nullable Ticket<Void> ticket = tickets.get(i);
            if (ticket == null) continue;
            ObjectName name = names.get(i / from.size());
            Shelf shelf = from.get(i % from.size());
            ticket.whenAnswered((_, failure) -> {
                if (failure == null) debt.removed(name, shelf.name());
            });
            try {
                ticket.await(deadline);
            } catch (Fault e) {
                Log.event(Event.VAULT_DELETE_FAILED, "vault", shelf.name(), "object", name, "why", e);
            }
        }
    }

    private static List<String> names(List<Shelf> shelves) {
        return shelves.stream().map(Shelf::name).toList();
    }
}
