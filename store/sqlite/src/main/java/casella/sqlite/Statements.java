package casella.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection and the statements prepared on it. For one thread at a time.
public final class Statements implements AutoCloseable {
    /// Reads one row.
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /// Takes `connection` over.
    public Statements(Connection connection) {
        this.connection = connection;
    }

    /// Returns the rows of `sql`, a constant: it stays prepared.
    public <T> List<T> rows(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepare(sql, values);
        var out = new ArrayList<T>();
        try (ResultSet results = statement.executeQuery()) {
            while (results.next()) out.add(row.of(results));
        }
        return out;
    }

    /// Returns the first row.
    public <T> Optional<T> row(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        List<T> rows = rows(sql, row, values);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    /// Returns the number in the first row; 0 where there is none.
    public long number(String sql, @Nullable Object... values) throws SQLException {
        return row(sql, row -> row.getLong(1), values).orElse(0L);
    }

    /// Returns how many rows `sql` changed.
    public int change(String sql, @Nullable Object... values) throws SQLException {
        return prepare(sql, values).executeUpdate();
    }

    /// Runs statements that are not worth keeping.
    public void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
        return statement;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : prepared.values()) statement.close();
        connection.close();
    }
}
