package casella.testkit.model;

import java.util.ArrayDeque;
import java.util.Deque;

/// The last things done, for a run that fails.
final class Trace {
    private static final int LAST = 60;
    private static final int WIDTH = 300;

    private final Deque<String> last = new ArrayDeque<>();
    private long answered;
    private long unknown;
    private long restarts;

    void add(String line) {
        if (line.contains(": ? ")) unknown++;
        else if (line.startsWith("restart")) restarts++;
        else answered++;
        last.addFirst(line.length() > WIDTH ? line.substring(0, WIDTH) + "…" : line);
        if (last.size() > LAST) last.removeLast();
    }

    String last() {
        return String.join("\n", last);
    }

    String figures() {
        return answered + " answered, " + unknown + " of unknown outcome, " + restarts + " restarts";
    }
}
