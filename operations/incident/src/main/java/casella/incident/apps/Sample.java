package casella.incident.apps;

import casella.base.AccountId;
import casella.incident.Desk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Which programs some owners use, by a look at a few thousand of them: to count all of nine million would take longer than an operator
/// who opens an incident can wait.
///
/// @param accounts how many were looked at that were meant
/// @param programs how many of those use which program, most first; who names none is counted under the protocol (`imap`)
public record Sample(int accounts, List<Program> programs) {
    /// Rows looked at, at most.
    static final int ROWS_MAX = 10_000;

    private static final int PLACES = 20;

    /// @param name as it names itself, or the protocol by which one without a name comes
    public record Program(String name, int accounts) {}

    private record Row(AccountId account, String door, String app) {}

    /// Looks at rows from some places on that `random` says.
    ///
    /// @param meant whether an account is one of those asked about
    public static Sample of(Desk desk, Predicate<AccountId> meant, RandomGenerator random) {
        Set<Row> rows = rows(desk, random);
        Map<AccountId, Boolean> asked = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (Row row : rows) if (!row.app().isEmpty()) named.add(row.account() + " " + row.door());
        Map<String, Set<AccountId>> users = new HashMap<>();
        for (Row row : rows) {
            if (!asked.computeIfAbsent(row.account(), meant::test)) continue;
            // A log-in is written down before the program says its name.
            if (row.app().isEmpty() && named.contains(row.account() + " " + row.door())) continue;
            users.computeIfAbsent(row.app().isEmpty() ? row.door() : row.app(), _ -> new HashSet<>()).add(row.account());
        }
        int accounts = (int) asked.values().stream().filter(one -> one).count();
        List<Program> programs = users.entrySet().stream()
                .map(one -> new Program(one.getKey(), one.getValue().size()))
                .sorted(Comparator.comparingInt(Program::accounts).reversed().thenComparing(Program::name))
                .toList();
        return new Sample(accounts, programs);
    }

    /// From each place whole accounts only: the last one may go on behind what was read.
    private static Set<Row> rows(Desk desk, RandomGenerator random) {
        return desk.read(s -> {
            long first = s.number("SELECT min(account) FROM apps_used");
            long last = s.number("SELECT max(account) FROM apps_used");
            Set<Row> out = new HashSet<>();
            for (int place = 0; place < PLACES; place++) {
                long from = place == 0 || first == last ? first : within(random, first, last);
                List<Row> some = new ArrayList<>(s.rows("SELECT account, door, name FROM apps_used JOIN apps_names ON id = app"
                                + " WHERE account >= ? ORDER BY account LIMIT ?",
                        row -> new Row(new AccountId(row.getLong(1)), row.getString(2), row.getString(3)),
                        from, ROWS_MAX / PLACES));
                if (some.size() == ROWS_MAX / PLACES) {
                    AccountId cut = some.getLast().account();
                    some.removeIf(row -> row.account().equals(cut));
                }
                out.addAll(some);
            }
            return out;
        });
    }

    /// Ids are numbers of 64 bits, negative ones too: the difference of two may not fit.
    private static long within(RandomGenerator random, long first, long last) {
        long range = last - first;
        if (range > 0) return first + random.nextLong(range);
        long any;
        do any = random.nextLong();
        while (any < first || any > last);
        return any;
    }
}
