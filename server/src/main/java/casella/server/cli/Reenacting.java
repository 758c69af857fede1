package casella.server.cli;

import casella.base.Fault;
import casella.server.Launch;
import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.config.Units;
import casella.server.control.DataFolder;
import casella.server.control.Json;
import casella.server.drill.Program;
import casella.server.drill.Report;
import casella.server.drill.Reports;
import casella.server.drill.Scale;
import casella.server.drill.january.January;
import casella.server.drill.january.Reenacted;
import casella.server.drill.january.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `casella drill run january-2023`: re-enacts January 2023 in this process, in a folder that goes with it.
final class Reenacting {
    private static final Duration BLOCKED_MIN = Duration.ofSeconds(15);
    private static final Duration BLOCKED_MAX = Duration.ofMinutes(10);
    private static final int STEPS = 1_000;

    private final Terminal terminal;

    Reenacting(Terminal terminal) {
        this.terminal = terminal;
    }

    /// What was asked for, as words; null where nothing was said.
    record Asked(@Nullable String cohort, @Nullable String time, @Nullable String technology,
            @Nullable String scale, boolean background) {}

    int run(DataOptions options, Asked asked) {
        try {
            Setting setting = setting(asked);
            return switch (options.load(terminal, 0)) {
                case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
                case Config.Loaded.Good(Config config) -> asked.background()
                        ? behind(config, asked, options.json) : run(config, setting, options.json);
            };
        } catch (IllegalArgumentException e) {
            terminal.err().println("casella: " + e.getMessage());
            return Exit.USAGE;
        }
    }

    private static Setting setting(Asked asked) {
        String cohort = asked.cohort();
        if (cohort != null && !cohort.equals("all")) {
            throw new IllegalArgumentException("cohort: " + January.WORD + " has owners of its own and hits them all");
        }
        if (asked.technology() != null) throw new IllegalArgumentException("technology: only technology-gone has one");
        String word = asked.scale();
        Setting setting = Setting.of(word == null ? Scale.SMALL : Scale.of(word).orElseThrow(() ->
                new IllegalArgumentException("scale: must be small or full, not '" + word + "'")));
        String text = asked.time();
        if (text == null) return setting;
        Duration time = Units.duration(text).orElseThrow(() -> new IllegalArgumentException(
                "for: '" + text + "' is no time like 30s or 2m"));
        if (time.compareTo(BLOCKED_MIN) < 0 || time.compareTo(BLOCKED_MAX) > 0) {
            throw new IllegalArgumentException("for: must be 15s to 10m: so long the storage answers nobody");
        }
        return setting.blockedFor(time);
    }

    /// Runs it in a process of its own and returns at once.
    private int behind(Config config, Asked asked, boolean json) {
        Path reports = Reports.folder(config.data());
        Path log = reports.resolve("january.log");
        var command = new ArrayList<>(Program.command());
        command.addAll(List.of("drill", "run", January.WORD, "--data", config.data().folder().toString()));
        if (asked.time() != null) command.addAll(List.of("--for", asked.time()));
        if (asked.scale() != null) command.addAll(List.of("--scale", asked.scale()));
        try {
            DataFolder.makePrivate(reports);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            ObjectNode facts = Json.object().put("drill", January.WORD).put("process", process.pid()).put("log", log.toString());
            terminal.out().println(json ? facts.toString() : """
                    %s runs, as process %d
                      casella drill report %s shows its report; what it says meanwhile: %s"""
                    .formatted(January.WORD, process.pid(), January.WORD, log));
            return Exit.DONE;
        } catch (IOException | UncheckedIOException e) {
            terminal.err().println("casella: " + January.WORD + ": " + e.getMessage());
            return Exit.WRONG;
        } finally {
            terminal.out().flush();
        }
    }

    private int run(Config config, Setting setting, boolean json) {
        Path reports = Reports.folder(config.data());
        var bar = new ProgressBar(terminal.err(), terminal.watched(), System::nanoTime);
        Path folder = null;
        try {
            DataFolder.makePrivate(reports);
            folder = Files.createTempDirectory(reports, "january-");
            Reenacted found = new January(setting, folder, (share, words) ->
                    bar.at(Math.round(share * STEPS), STEPS, "steps: " + words)).run();
            bar.end();
            Path report = new Reports(reports).keep(found);
            ObjectNode facts = found.json().put("folder", report.toString());
            if (json) terminal.out().println(facts);
            else terminal.out().println(lines(facts, report));
            return found.passed() ? Exit.DONE : Exit.WRONG;
        } catch (IOException | UncheckedIOException | Fault | Launch.StartFailed e) {
            bar.end();
            terminal.err().println("casella: " + January.WORD + ": " + why(e));
            return Exit.WRONG;
        } finally {
            terminal.out().flush();
            if (folder != null) remove(folder);
        }
    }

    private static String why(Exception e) {
        return e instanceof Fault fault ? fault.getMessage() + " " + fault.facts() : String.valueOf(e.getMessage());
    }

    private static String lines(ObjectNode facts, Path report) {
        return "%s%n  %9s  minutes in which somebody could not read, in a system with one storage%n  the picture: %s%n  the report:  %s"
                .formatted(Report.lines(facts), facts.path("oneStorage").path("darkMinutes").asString(""),
                        report.resolve("plot.svg"), report.resolve("report.md"));
    }

    /// Removes what was only for this.
    private void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException e) {
            terminal.err().println("casella: " + folder + " is left and can be removed: " + e.getMessage());
        }
    }
}
