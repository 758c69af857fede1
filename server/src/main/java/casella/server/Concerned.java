package casella.server;

import casella.base.Fault;
import casella.directory.SqliteDirectory;
import casella.incident.Entry;
import casella.server.incident.IncidentOrders;
import java.util.List;

/// Whom an incident concerns: the accounts of its brands, and those of them that have less than always now.
final class Concerned implements IncidentOrders.Scope {
    private final SqliteDirectory directory;
    private final Storage storage;

    Concerned(SqliteDirectory directory, Storage storage) {
        this.directory = directory;
        this.storage = storage;
    }

    @Override
    public Entry.Counted of(List<String> brands, List<String> doors) {
        try {
            long accounts = brands.isEmpty() ? directory.registrar().count(null)
                    : brands.stream().mapToLong(directory.registrar()::count).sum();
            long reduced = storage.dialTone().continuations().list().stream()
                    .filter(opening -> brands.isEmpty() || directory.account(opening.account())
                            .filter(one -> brands.contains(one.brand())).isPresent())
                    .count();
            return new Entry.Counted(accounts, reduced, doors, List.of());
        } catch (Fault e) {
            // The directory does not say now: what is told does not wait for it.
            return new Entry.Counted(-1, 0, doors, List.of());
        }
    }
}
