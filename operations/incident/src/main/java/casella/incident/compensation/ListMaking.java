package casella.incident.compensation;

import casella.base.AccountId;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.availability.AwayMillis;
import casella.incident.availability.Pass;
import casella.incident.compensation.Run.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes who is owed what into the desk, a page of accounts at a time. All that were away are in the list, also who is owed nothing.
final class ListMaking implements Pass.Each {
    private static final int PAGE = 5_000;

    private final Desk desk;
    private final Run run;
    private final Decision decision;
    private final ListDigest digest;
    private final Map<Owed, Integer> numbers = new LinkedHashMap<>();
    private final List<Long> accounts = new ArrayList<>();
    private final List<Entry> page = new ArrayList<>();

    private record Entry(AccountId account, int line) {}

    ListMaking(Desk desk, Run run, Decision decision) {
        this.desk = desk;
        this.run = run;
        this.decision = decision;
        this.digest = new ListDigest(run);
    }

    @Override
    public void away(Registrar.Member account, AwayMillis away) {
        decision.of(account, away).ifPresent(owed -> {
            int line = numbers.computeIfAbsent(owed, _ -> {
                accounts.add(0L);
                return accounts.size() - 1;
            });
            accounts.set(line, accounts.get(line) + 1);
            digest.add(account.id(), line);
            page.add(new Entry(account.id(), line));
            if (page.size() == PAGE) write();
        });
    }

    private void write() {
        desk.write(s -> {
            for (Entry one : page) CompensationTables.owe(s, run.id(), one.account(), one.line());
            return true;
        });
        page.clear();
    }

    /// Writes what is left, and what it comes to.
    ///
    /// @return the list's digest
    String end() {
        write();
        List<Owed> lines = List.copyOf(numbers.keySet());
        desk.write(s -> {
            for (int i = 0; i < lines.size(); i++) {
                CompensationTables.line(s, run.id(), new Line(i, lines.get(i), accounts.get(i), 0, 0, 0, 0));
            }
            return true;
        });
        return digest.end(lines);
    }
}
