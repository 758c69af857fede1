package casella.server.drill;

import java.util.List;
import java.util.Locale;

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
    private final StringBuilder out = new StringBuilder();
    private final double perMilli;

    private Plot(Findings findings) {
        this.findings = findings;
        this.perMilli = (WIDTH - LEFT - RIGHT) / (double) Math.max(1, findings.end());
    }

    static String svg(Findings findings) {
        return new Plot(findings).draw();
    }

    private String draw() {
        int strips = TOP;
        int reads = strips + STRIP * findings.accounts() + 24;
        int mails = reads + PANEL + 30;
        int height = mails + PANEL + 60;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"11\">\n",
                WIDTH, height);
        add("<title>Drill %s</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
                findings.drill(), WIDTH, height);
        add("<text x=\"%d\" y=\"20\" font-size=\"15\">Drill %s, %s</text>\n", LEFT, findings.drill(),
                findings.begun());
        legend();
        double from = x(findings.faultFrom());
        add("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#fbe9d0\"/>\n",
                from, TOP - 6, x(findings.faultUntil()) - from, mails + PANEL - TOP + 6);
        strips(strips);
        panel("reads", reads, Sample.Kind.READ);
        panel("mails", mails, Sample.Kind.MAIL);
        axis(mails + PANEL);
        add("</svg>\n");
        return out.toString();
    }

    private void legend() {
        String[][] words = {
            {"#2f855a", "engine"}, {"#2b6cb0", "standby"}, {"#b7791f", "continuation"},
            {"#c53030", "dark, failed"},
            {"#fbe9d0", "the fault is on"},
        };
        int at = LEFT;
        for (String[] word : words) {
            add("<rect x=\"%d\" y=\"32\" width=\"11\" height=\"11\" fill=\"%s\"/>", at, word[0]);
            add("<text x=\"%d\" y=\"42\">%s</text>\n", at + 15, word[1]);
            at += 40 + 7 * word[1].length();
        }
    }

    private void strips(int top) {
        for (int account = 1; account <= findings.accounts(); account++) {
            int number = account;
            int y = top + STRIP * (account - 1);
            List<Sample> reads = findings.samples().stream()
                    .filter(s -> s.kind() == Sample.Kind.READ && s.account() == number)
                    .toList();
            add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">account %d</text>\n", LEFT - 6, y + 10, account);
            // One rectangle for all that looks the same.
            for (int i = 0; i < reads.size(); ) {
                String colour = colour(reads.get(i));
                int next = i + 1;
                while (next < reads.size() && colour(reads.get(next)).equals(colour)) next++;
                long until = next < reads.size() ? reads.get(next).at() : findings.end();
                add("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                        x(reads.get(i).at()), y,
                        Math.max(0.5, x(until) - x(reads.get(i).at())), STRIP - 3, colour);
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
        add("<text x=\"8\" y=\"%d\">%s</text>\n", top + 12, name);
        String[] marks = {"1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"};
        for (int i = 0; i < marks.length; i++) {
            double y = top + PANEL - PANEL * i / DECADES;
            add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", LEFT, WIDTH - RIGHT,
                    y, y);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#666\">%s</text>\n", LEFT - 6, y + 4,
                    marks[i]);
        }
        for (Sample sample : findings.samples()) {
            if (sample.kind() != kind) continue;
            double high = Math.min(DECADES, Math.log10((double) Math.max(1, sample.took())));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.8\" fill=\"%s\"/>\n", x(sample.end()),
                    top + PANEL - PANEL * high / DECADES, colour(sample));
        }
    }

    private void axis(int y) {
        for (int i = 0; i <= 6; i++) {
            long at = findings.end() * i / 6;
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%s</text>\n", x(at), y + 16,
                    Report.seconds(at));
        }
        add("<text x=\"%d\" y=\"%d\" fill=\"#666\">since the drill began</text>\n", LEFT, y + 36);
    }

    private double x(long millis) {
        return LEFT + millis * perMilli;
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
