package casella.server.drill;

import casella.continuity.plot.Svg;
import casella.continuity.plot.Svg.Anchor;
import casella.continuity.plot.Svg.Point;
import java.util.List;

/// The time line of a drill as SVG: who served the accounts, how long reads took, how long mails took. Latency is on a scale
/// of powers of ten, from 1 ms to 100 s.
final class Plot {
    private static final int WIDTH = 960;
    private static final int LEFT = 90;
    private static final int RIGHT = 20;
    private static final int STRIP = 14;
    private static final int PANEL = 120;
    private static final int TOP = 64;
    private static final double DECADES = 5;

    private final Findings findings;
    private final Svg svg;
    private final double perMilli;

    private Plot(Findings findings, int height) {
        this.findings = findings;
        this.svg = new Svg(WIDTH, height, "Drill " + findings.drill());
        this.perMilli = (WIDTH - LEFT - RIGHT) / (double) Math.max(1, findings.end());
    }

    static String svg(Findings findings) {
        int reads = TOP + STRIP * findings.accounts() + 24;
        int mails = reads + PANEL + 30;
        return new Plot(findings, mails + PANEL + 60).draw(reads, mails);
    }

    /// @param reads where the panel of reads begins
    /// @param mails likewise
    private String draw(int reads, int mails) {
        svg.text(LEFT, 20, Anchor.START, "#000", 15, "Drill " + findings.drill() + ", " + findings.begun());
        legend();
        double from = x(findings.faultFrom());
        svg.rect(from, TOP - 6, x(findings.faultUntil()) - from, mails + PANEL - TOP + 6, "#fbe9d0");
        strips();
        panel("reads", reads, Sample.Kind.READ);
        panel("mails", mails, Sample.Kind.MAIL);
        axis(mails + PANEL);
        return svg.text();
    }

    private void legend() {
        String[][] words = {
            {"#2f855a", "engine"}, {"#2b6cb0", "standby"}, {"#b7791f", "continuation"},
            {"#c53030", "dark, failed"},
            {"#fbe9d0", "the fault is on"},
        };
        int at = LEFT;
        for (String[] word : words) {
            svg.rect(at, 32, 11, 11, word[0]).text(at + 15, 42, Anchor.START, "#000", word[1]);
            at += 40 + 7 * word[1].length();
        }
    }

    private void strips() {
        for (int account = 1; account <= findings.accounts(); account++) {
            int number = account;
            int y = TOP + STRIP * (account - 1);
            List<Sample> reads = findings.samples().stream()
                    .filter(s -> s.kind() == Sample.Kind.READ && s.account() == number)
                    .toList();
            svg.text(LEFT - 6, y + 10, Anchor.END, "#000", "account " + account);
            // One rectangle for all that looks the same.
            for (int i = 0; i < reads.size(); ) {
                String colour = colour(reads.get(i));
                int next = i + 1;
                while (next < reads.size() && colour(reads.get(next)).equals(colour)) next++;
                long until = next < reads.size() ? reads.get(next).at() : findings.end();
                double left = x(reads.get(i).at());
                svg.rect(left, y, Math.max(0.5, x(until) - left), STRIP - 3, colour);
                i = next;
            }
        }
    }

    private static String colour(Sample sample) {
        if (!sample.served()) return "#c53030";
        return switch (sample.place()) {
            case ENGINE -> "#2f855a";
            case STANDBY -> "#2b6cb0";
            case CONTINUATION -> "#b7791f";
        };
    }

    private void panel(String name, int top, Sample.Kind kind) {
        svg.text(8, top + 12, Anchor.START, "#000", name);
        String[] marks = {"1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"};
        for (int i = 0; i < marks.length; i++) {
            double y = top + PANEL - PANEL * i / DECADES;
            svg.line(new Point(LEFT, y), new Point(WIDTH - RIGHT, y), "#ddd", 1, "");
            svg.text(LEFT - 6, y + 4, Anchor.END, "#666", marks[i]);
        }
        for (Sample sample : findings.samples()) {
            if (sample.kind() != kind) continue;
            double high = Math.min(DECADES, Math.log10((double) Math.max(1, sample.took())));
            svg.circle(x(sample.end()), top + PANEL - PANEL * high / DECADES, 1.8, colour(sample), "none");
        }
    }

    private void axis(int y) {
        for (int i = 0; i <= 6; i++) {
            long at = findings.end() * i / 6;
            svg.text(x(at), y + 16, Anchor.MIDDLE, "#666", Report.seconds(at));
        }
        svg.text(LEFT, y + 36, Anchor.START, "#666", "since the drill began");
    }

    private double x(long millis) {
        return LEFT + millis * perMilli;
    }
}
