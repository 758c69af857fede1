package casella.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One connection and the statements prepared on it. For one thread at a time.
final class Statements implements AutoCloseable {
    /// Reads one row.
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    /// Returns the rows of `sql`, a constant: it stays prepared.
    <T> List<T> rows(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        var out = new ArrayList<T>();
        try (ResultSet results = prepare(sql, values).executeQuery()) {
            while (results.next()) out.add(row.of(results));
        }
        return out;
    }

    long number(String sql, @Nullable Object... values) throws SQLException {
        List<Long> found = rows(sql, row -> row.getLong(1), values);
        return found.isEmpty() ? 0 : found.getFirst();
    }

    /// Returns how many rows `sql` changed.
    int change(String sql, @Nullable Object... values) throws SQLException {
        return prepare(sql, values).executeUpdate();
    }

    /// Runs statements that are not worth keeping.
    void run(String sql) throws SQLException {
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
