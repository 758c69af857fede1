package casella.bench.reopening;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// How long until everybody is in again after a fault of three days, all at once and by steps?
///
/// Load: [World]; clients as [Client]. Expected: all at once, the share of owners who are in stays where it is a few minutes after
/// the opening, with most calls in vain; by steps it only grows until everybody who came is in. If opening at once came out as
/// quick, the model would have more room than the fault left, or reopening would be of no use.
public final class ReopenBench {
    private ReopenBench() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: ACCOUNTS SEED HOURS PLOT.svg");
            System.exit(2);
        }
        Locale.setDefault(Locale.ROOT);
        PrintStream out = System.out;
        World world = World.of(
                Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        out.printf("%,d accounts, seed %d, %d h; the store bears %,.0f calls a second; %,d mails wait, %,d at other servers%n",
                world.accounts(), world.seed(), world.hours(), world.opsPerSecond(), world.backlog(),
                world.remote());
        Simulation.Run atOnce = timed(out, world, false);
        Simulation.Run bySteps = timed(out, world, true);
        Files.writeString(Path.of(arguments[3]), ReopenPlot.svg(world, atOnce, bySteps));
    }

    private static Simulation.Run timed(PrintStream out, World world, boolean reopens) {
        long start = System.nanoTime();
        Simulation.Run run = Simulation.run(world, reopens);
        out.printf("%n%s (%.0f s to simulate)%n", reopens ? "by steps" : "all at once", (System.nanoTime() - start) / 1e9);
        out.println("  time      in      tried/s granted/s   told/s  served  p99 ms   load  backlog      refused/s steps");
        for (int i = 0; i < run.points().size(); i++) {
            Simulation.Point point = run.points().get(i);
            int minutes = point.second() / 60;
            if (minutes > 20 && minutes % 30 != 0) continue;
            if (minutes > 5 && minutes % 5 != 0) continue;
            out.printf("  %2d:%02d %10d %9.0f %9.0f %9.0f %6.1f%% %7.0f %6.2f %12d %9.0f %3d%n",
                    minutes / 60, minutes % 60, point.in(), point.tried(), point.granted(), point.told(),
                    100 * point.served(), point.p99Millis(), point.load(), point.backlog(), point.refused(), point.steps());
        }
        for (double share : new double[] {0.5, 0.9, 0.95, 0.99}) {
            int at = run.reached(share * world.accounts());
            out.printf("  %.0f %% of all in for good after: %s%n", share * 100,
                    at < 0 ? "never" : "%d h %02d min".formatted(at / 3_600, at / 60 % 60));
        }
        out.printf("  log-ins that came to their end %,d, in vain %,d; sessions that broke %,d%n",
                run.granted(), run.wasted(), run.broken());
        if (reopens) {
            out.printf("  from the first try when the step was in to coming in: 99 of 100 within %d min, the longest %d min%n",
                    run.lineSeconds() / 60 + 1, run.lineMost() / 60);
        }
        return run;
    }
}
