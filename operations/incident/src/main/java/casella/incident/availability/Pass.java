package casella.incident.availability;

import casella.base.AccountId;
import casella.continuity.cohort.Cohort;
import casella.directory.Registrar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Goes once through all accounts of the directory and says of each for how long what did not work in a window: pages of accounts and
/// pages of what was measured at accounts, side by side in the order of their ids; no query for an account.
///
/// What holds for scopes is computed once for all accounts of the same brand, plan and cohort. Memory does not grow with the accounts.
public final class Pass {
    private static final int PAGE = 10_000;

    private final Availability availability;
    private final Pages pages;
    private final Predicate<String> paid;

    /// Where accounts come from ([Registrar#members]).
    @FunctionalInterface
    public interface Pages {
        /// Returns at most `limit` accounts by their ids as signed numbers, after `after` (null: from the first).
        List<Registrar.Member> after(@Nullable AccountId after, int limit);
    }

    /// Told of each account for which something did not work, in the order of ids as signed numbers; and of the others, if it wants to.
    @FunctionalInterface
    public interface Each {
        void away(Registrar.Member account, AwayMillis away);

        /// Told of each account for which everything worked, in the same order.
        default void worked(Registrar.Member account) {}
    }

    /// @param paid says of a plan's name whether it is paid for
    public Pass(Availability availability, Pages pages, Predicate<String> paid) {
        this.availability = availability;
        this.pages = pages;
        this.paid = paid;
    }

    /// What accounts of the same kind have together.
    private record Common(List<Interval.OfScope> scopes, AwayMillis away) {}

    /// Goes through all accounts. What goes on goes until now, the same now for all.
    ///
    /// @param progress called with how many are done, after each page
    /// @throws casella.base.Fault.Unavailable if directory or desk do not answer: to be made again
    public Totals run(Span asked, Each each, LongConsumer progress) {
        Availability.Scopes scopes = availability.scopes(asked);
        Span window = scopes.window();
        var totals = new Totals(window);
        var commons = new HashMap<Member, Common>();
        var groups = new HashMap<Member, Totals.Group>();
        var ahead = new Ahead(scopes);
        @Nullable AccountId after = null;
        long done = 0;
        while (true) {
            List<Registrar.Member> page = pages.after(after, PAGE);
            for (Registrar.Member account : page) {
                Member member = member(account);
                Common common = commons.computeIfAbsent(member, one -> common(one, scopes));
                Totals.Group group =
                        groups.computeIfAbsent(member, one -> new Totals.Group(one.brand(), one.plan()));
                List<Interval> own = ahead.of(account.id());
                AwayMillis away = common.away();
                Set<Capability> itself = Set.of();
                if (!own.isEmpty()) {
                    var record = AccountRecord.of(member, common.scopes(), own, window);
                    away = AwayMillis.of(record);
                    itself = record.own();
                }
                totals.add(group, away, itself);
                if (away.none()) each.worked(account);
                else each.away(account, away);
            }
            done += page.size();
            progress.accept(done);
            if (page.size() < PAGE) return totals;
            after = page.getLast().id();
        }
    }

    private Member member(Registrar.Member account) {
        Cohort cohort = Optional.ofNullable(account.cohort()).flatMap(Cohort::of)
                .orElseGet(() -> Cohort.slice(account.id()));
        return new Member(account.brand(), account.plan(), paid.test(account.plan()), cohort);
    }

    private static Common common(Member member, Availability.Scopes scopes) {
        List<Interval.OfScope> here =
                scopes.scopes().stream().filter(one -> one.scope().covers(member)).toList();
        return new Common(here, AwayMillis.of(AccountRecord.of(member, here, List.of(), scopes.window())));
    }

    /// What was measured at accounts, a page ahead.
    private final class Ahead {
        private final Availability.Scopes scopes;
        private List<AvailabilityTables.Own> page = List.of();
        private int next;
        private @Nullable AccountId last;
        private boolean more = true;

        private Ahead(Availability.Scopes scopes) {
            this.scopes = scopes;
        }

        /// Returns what there is of `account`. To be asked in the order of ids as signed numbers.
        private List<Interval> of(AccountId account) {
            while (there() && page.get(next).account().value() < account.value()) next++;
            if (!there() || !page.get(next).account().equals(account)) return List.of();
            var own = new ArrayList<Interval>();
            while (there() && page.get(next).account().equals(account)) own.add(page.get(next++).interval());
            return own;
        }

        private boolean there() {
            while (next == page.size() && more) {
                page = availability.page(last, scopes, PAGE);
                next = 0;
                more = !page.isEmpty();
                if (more) last = page.getLast().account();
            }
            return next < page.size();
        }
    }
}
