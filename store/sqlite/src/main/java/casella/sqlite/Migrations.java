package casella.sqlite;

import casella.base.Fault;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// How an older file becomes a newer one. `PRAGMA user_version` counts the migrations a file has had. One is never edited once
/// released; the next one follows it.
///
/// @param steps each of statements that end with a semicolon and a line's end
public record Migrations(List<String> steps) {
    public Migrations {
        steps = List.copyOf(steps);
    }

    public static Migrations of(String... steps) {
        return new Migrations(List.of(steps));
    }

    /// Returns how many there are: the version of a file that is up to date.
    public int version() {
        return steps.size();
    }

    /// Returns how many migrations the file of `s` has had; 0 for an empty one.
    public static int version(Statements s) throws SQLException {
        return s.row("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
    }

    /// Brings the file of `s` up to this program's version, each migration in a transaction of its own.
    ///
    /// @throws Fault.Corrupt if the file was written by a newer program
    void migrate(Statements s) throws SQLException {
        int version = version(s);
        if (version > steps.size()) {
            throw new Fault.Corrupt("The database was written by a newer version", Map.of("version", version));
        }
        for (int next = version; next < steps.size(); next++) {
            s.run("BEGIN IMMEDIATE");
            for (String sql : steps.get(next).split(";\n")) s.run(sql);
            s.run("PRAGMA user_version = " + (next + 1));
            s.run("COMMIT");
        }
    }
}
