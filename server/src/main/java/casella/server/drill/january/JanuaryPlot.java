package casella.server.drill.january;

import casella.continuity.plot.Svg;
import casella.continuity.plot.Svg.Anchor;
import casella.continuity.plot.Svg.Point;
import casella.server.drill.Dark;
import casella.server.drill.Measured;
import casella.server.drill.Sample;
import casella.server.drill.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The picture of a re-enactment: how many owners could read, above in a system with one storage, below in Casella, from a
/// little before the storage blocked until a little after it was mended.
final class JanuaryPlot {
    private static final int WIDTH = 960;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int PANEL = 130;
    private static final int UPPER = 104;
    private static final int LOWER = UPPER + PANEL + 76;
    private static final int AXIS = LOWER + PANEL + 26;
    private static final int HEIGHT = AXIS + 96;
    private static final long STEP = 250;
    private static final long AT_ONCE = 1_000;
    private static final long BEFORE = 5_000;
    private static final long AFTER = 12_000;

    private static final String WELL = "#2f855a";
    private static final String DIAL_TONE = "#2b6cb0";
    private static final String WAITS = "#d69e2e";
    private static final String DARK = "#c53030";
    private static final String INK = "#1a202c";
    private static final String GREY = "#4a5568";

    /// How owners are at a moment, as shares of all that are watched.
    private record Shares(double well, double dialTone, double waits, double dark) {}

    private final Reenacted found;
    private final long length;
    private final Svg svg = new Svg(WIDTH, HEIGHT, "January 2023 again: above a system with one storage, below Casella");

    private JanuaryPlot(Reenacted found) {
        this.found = found;
        this.length = BEFORE + found.setting().blocked().toMillis() + AFTER;
    }

    static String svg(Reenacted found) {
        return new JanuaryPlot(found).draw();
    }

    private String draw() {
        svg.text(LEFT, 26, Anchor.START, INK, 18, "A new mail storage stops answering, and everybody's mail is on it");
        svg.text(LEFT, 48, Anchor.START, GREY, 12,
                String.format(Locale.ROOT, "%,d mailboxes; %,d owners read all the time. What share of them could?",
                        found.setting().accounts(), found.setting().watched()));
        panel(UPPER, "One storage", found.only(), found.onlyBlocked(), String.format(Locale.ROOT,
                "in the dark for %.0f s, %d mails turned away", found.darkMillis(found.only()) / 1_000.0,
                found.only().refused.get()));
        panel(LOWER, "Casella", found.casella(), found.blocked(), String.format(Locale.ROOT,
                "%.0f s in the dark, %d of %,d mails lost, %d identifiers changed",
                found.darkMillis(found.casella()) / 1_000.0, found.counted().missing(), found.counted().kept(),
                found.casella().identifiersChanged.get()));
        mark(0, "the storage stops answering");
        mark(found.setting().blocked().toMillis(), "it is mended");
        axis();
        legend();
        return svg.text();
    }

    private void panel(int top, String name, Measured measured, January.Blocked blocked, String words) {
        svg.text(LEFT, top - 10, Anchor.START, INK, 15, name);
        svg.text(LEFT + 110, top - 10, Anchor.START, INK, 13, words);
        List<Shares> shares = shares(measured, blocked);
        for (int i = 0; i < shares.size();) {
            int next = i + 1;
            while (next < shares.size() && shares.get(next).equals(shares.get(i))) next++;
            Shares now = shares.get(i);
            double left = x(i * STEP - BEFORE);
            double width = x(next * STEP - BEFORE) - left;
            double high = top;
            high = bar(left, high, width, now.dark(), DARK);
            high = bar(left, high, width, now.waits(), WAITS);
            high = bar(left, high, width, now.dialTone(), DIAL_TONE);
            bar(left, high, width, now.well(), WELL);
            i = next;
        }
        for (int part = 0; part <= 2; part++) {
            svg.text(LEFT - 8, top + PANEL - PANEL * part / 2.0 + 4, Anchor.END, GREY, part * 50 + " %");
        }
    }

    private double bar(double left, double top, double width, double share, String colour) {
        if (share > 0) svg.rect(left, top, width + 0.3, PANEL * share, colour);
        return top + PANEL * share;
    }

    /// Returns how owners were in each step of the picture.
    private List<Shares> shares(Measured measured, January.Blocked blocked) {
        long end = measured.now();
        var well = new int[(int) (length / STEP)];
        var dialTone = new int[well.length];
        var waits = new int[well.length];
        var dark = new int[well.length];
        for (List<Sample> reads : Reenacted.reads(measured).values()) {
            List<Dark.Span> spans = Dark.spans(reads, end);
            for (int i = 0; i < well.length; i++) {
                long at = blocked.from() - BEFORE + i * STEP;
                if (spans.stream().anyMatch(span -> span.from() <= at && at < span.until())) dark[i]++;
                else if (waits(reads, at)) waits[i]++;
                else if (away(reads, at)) dialTone[i]++;
                else well[i]++;
            }
        }
        var shares = new ArrayList<Shares>();
        for (int i = 0; i < well.length; i++) {
            double all = Math.max(1, well[i] + dialTone[i] + waits[i] + dark[i]);
            shares.add(new Shares(well[i] / all, dialTone[i] / all, waits[i] / all, dark[i] / all));
        }
        return shares;
    }

    /// Says whether an answer was waited for at `at` that took longer than anybody calls at once.
    private static boolean waits(List<Sample> reads, long at) {
        return reads.stream().anyMatch(read -> read.took() > AT_ONCE && read.at() <= at && at < read.end());
    }

    /// Says whether the last answer before `at` came from something else than the engine.
    private static boolean away(List<Sample> reads, long at) {
        boolean away = false;
        for (Sample read : reads) {
            if (read.end() > at) break;
            away = read.place() != Scene.Place.ENGINE;
        }
        return away;
    }

    private void mark(long at, String words) {
        svg.line(new Point(x(at), UPPER - 30), new Point(x(at), LOWER + PANEL + 6), INK, 1, "4 3");
        svg.text(x(at) + 4, UPPER - 26, Anchor.START, INK, 11, words);
    }

    private void axis() {
        long second = 1_000;
        long every = length > 120 * second ? 30 * second : 5 * second;
        for (long at = -BEFORE; at <= length - BEFORE; at += every) {
            svg.text(x(at), AXIS - 8, Anchor.MIDDLE, GREY, at / second + " s");
        }
        svg.text(WIDTH - RIGHT, AXIS + 8, Anchor.END, GREY, "since the storage stopped; in January 2023 it was days");
    }

    private void legend() {
        String[][] words = {
            {WELL, "reads as always"}, {DIAL_TONE, "reads from the other copies"}, {WAITS, "waits some seconds"},
            {DARK, "in the dark"},
        };
        double at = LEFT;
        for (String[] word : words) {
            svg.rect(at, AXIS + 16, 12, 12, word[0]).text(at + 17, AXIS + 26, Anchor.START, INK, 12, word[1]);
            at += 50 + 7.0 * word[1].length();
        }
        svg.text(LEFT, AXIS + 56, Anchor.START, INK, 12, "It need not come to this: " + act("burn-in",
                "a burn-in of the new storage finds the threshold before anybody is moved to it."));
        svg.text(LEFT, AXIS + 76, Anchor.START, INK, 12, act("halted",
                "Without one the migration halts by itself in the middle, and is taken back at once."));
    }

    /// Returns what is said of an act, as it went.
    private String act(String word, String words) {
        boolean held = found.acts().stream().anyMatch(act -> act.word().equals(word) && act.held());
        return held ? words : "NOT SO: " + words;
    }

    private double x(long at) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (at + BEFORE) / (double) length;
    }
}
