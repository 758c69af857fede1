package casella.directory;

import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Ticket;
import casella.directory.AccountRows.Kept;
import casella.directory.AccountRows.Prepared;
import casella.directory.Registrar.ImportReport;
import casella.directory.Registrar.NewAccount;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Enters accounts from CSV: rows are checked and hashed in parallel, and written 500 to a transaction.
///
/// Clear passwords cost a hash each (docs/decisions/0030: about 15 a second and core); ready-made hashes cost nothing
/// here. All cores but one do the hashing, in a bulkhead of their own, so that log-ins go on meanwhile.
final class AccountImport {
    private static final List<String> COLUMNS =
            List.of("address", "password", "name", "plan", "language", "aliases", "paid-until");
    private static final int BATCH = 500;
    private static final int ERRORS_MAX = 1_000;
    private static final Duration HASH_TIME = Duration.ofMinutes(5);

    private final SqliteRegistrar registrar;
    private final SqliteDirectory directory;
    private final DirectorySettings settings;
    private final List<String> errors = new ArrayList<>();
    private List<String> columns = List.of();
    private long added;
    private long refused;

    AccountImport(SqliteRegistrar registrar, SqliteDirectory directory, DirectorySettings settings) {
        this.registrar = registrar;
        this.directory = directory;
        this.settings = settings;
    }

    private record Waiting(int line, Prepared prepared, @Nullable Ticket<Answer<Kept>> secrets) {}

    Answer<ImportReport> run(Reader csv, LongConsumer progress) {
        int width = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, 64);
        var reader = new CsvReader(csv);
        try (var cores = new Bulkhead("directory.import", width, BATCH)) {
            CsvReader.Row head = reader.next();
            Optional<String> wrong = head == null ? Optional.of("the file is empty") : readHead(head);
            if (wrong.isPresent()) return Answer.refused("row 1", wrong.get());
            read(reader, cores, progress);
        } catch (IOException e) {
            return Answer.refused("row 1", String.valueOf(e.getMessage()));
        }
        return Answer.done(new ImportReport(added, refused, List.copyOf(errors)));
    }

    /// Enters the rows up to the end, or up to where the file cannot be read.
    private void read(CsvReader reader, Bulkhead cores, LongConsumer progress) {
        var batch = new ArrayList<Waiting>();
        try {
            for (CsvReader.Row row; (row = reader.next()) != null; ) {
                Waiting waiting = check(row, cores);
                if (waiting != null) batch.add(waiting);
                if (batch.size() == BATCH) {
                    write(batch);
                    progress.accept(added + refused);
                }
            }
        } catch (IOException e) {
            refuse(e.getMessage() + "; nothing after it was read");
        }
        write(batch);
        progress.accept(added + refused);
    }

    private Optional<String> readHead(CsvReader.Row head) {
        List<String> names =
                head.fields().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
        for (String name : names) {
            if (!COLUMNS.contains(name)) {
                return Optional.of("'" + name + "' is no column; there are " + String.join(", ", COLUMNS));
            }
        }
        if (!names.contains("address")) return Optional.of("the column 'address' is missing");
        if (names.stream().distinct().count() != names.size()) return Optional.of("a column is named twice");
        columns = names;
        return Optional.empty();
    }

    private @Nullable Waiting check(CsvReader.Row row, Bulkhead cores) {
        if (row.fields().size() > columns.size()) {
            refuse("line " + row.line() + ": " + row.fields().size() + " fields, " + columns.size() + " columns");
            return null;
        }
        String until = field(row, "paid-until");
        Instant paidUntil = null;
        try {
            if (!until.isEmpty()) paidUntil = LocalDate.parse(until).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            refuse(row.line(), "paid-until", "'" + until + "' is no date like 2027-01-31");
            return null;
        }
        String plan = field(row, "plan");
        String language = field(row, "language");
        List<String> aliases =
                Arrays.stream(field(row, "aliases").split(" +")).filter(a -> !a.isEmpty()).toList();
        var wanted = new NewAccount(
                field(row, "address"), plan.isEmpty() ? null : plan, field(row, "name"),
                language.isEmpty() ? null : language, null, aliases, paidUntil);
        return switch (registrar.prepare(wanted)) {
            case Answer.Refused<Prepared>(String field, String why) -> {
                refuse(row.line(), field, why);
                yield null;
            }
            case Answer.Done<Prepared>(Prepared prepared) -> new Waiting(row.line(), prepared, hash(row, cores));
        };
    }

    private @Nullable Ticket<Answer<Kept>> hash(CsvReader.Row row, Bulkhead cores) {
        String password = raw(row, "password");
        if (password.isEmpty()) return null;
        Password given = Password.either(password);
        return cores.submit(
                Deadline.in(HASH_TIME),
                () -> SqliteRegistrar.kept(given, text -> Passwords.secrets(settings, text)));
    }

    private String field(CsvReader.Row row, String column) {
        return raw(row, column).strip();
    }

    private String raw(CsvReader.Row row, String column) {
        int index = columns.indexOf(column);
        return index < 0 || index >= row.fields().size() ? "" : row.fields().get(index);
    }

    private void write(List<Waiting> batch) {
        var ready = new ArrayList<Waiting>();
        Deadline deadline = Deadline.in(HASH_TIME);
        for (Waiting waiting : batch) {
            if (waiting.secrets() == null) {
                ready.add(waiting);
                continue;
            }
            switch (waiting.secrets().await(deadline)) {
                case Answer.Refused<Kept>(String field, String why) -> refuse(waiting.line(), field, why);
                case Answer.Done<Kept>(Kept kept) -> {
                    Prepared p = waiting.prepared();
                    ready.add(new Waiting(waiting.line(), new Prepared(p.account(), p.aliases(), kept), null));
                }
            }
        }
        batch.clear();
        if (ready.isEmpty()) return;
        List<Answer<Account>> answers = directory.write(s -> {
            var out = new ArrayList<Answer<Account>>();
            for (Waiting waiting : ready) out.add(AccountRows.insert(s, waiting.prepared()));
            return out;
        });
        for (int i = 0; i < ready.size(); i++) {
            switch (answers.get(i)) {
                case Answer.Done<Account> _ -> {
                    registrar.entered(ready.get(i).prepared());
                    added++;
                }
                case Answer.Refused<Account>(String field, String why) -> refuse(ready.get(i).line(), field, why);
            }
        }
    }

    private void refuse(int line, String column, String why) {
        refuse("line " + line + ", column " + column + ": " + why);
    }

    private void refuse(String message) {
        refused++;
        if (errors.size() < ERRORS_MAX) errors.add(message);
    }
}
