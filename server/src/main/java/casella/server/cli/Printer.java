package casella.server.cli;

import casella.server.control.Operations;
import casella.server.control.Outcome;
import tools.jackson.databind.node.ObjectNode;

/// Prints what an order brings. With `--json`, standard output is one JSON value: a list is an array, written as it comes.
final class Printer implements Operations.Output {
    private final Terminal terminal;
    private final boolean json;
    private final Shown shown;
    private final ProgressBar bar;
    private boolean begun;

    Printer(Terminal terminal, boolean json, Shown shown) {
        this.terminal = terminal;
        this.json = json;
        this.shown = shown;
        this.bar = new ProgressBar(terminal.err(), terminal.watched(), System::nanoTime);
    }

    @Override
    public void row(ObjectNode row) {
        bar.aside(() -> print(row));
    }

    private void print(ObjectNode row) {
        if (!json) {
            String line = shown.row().apply(row);
            if (!line.isEmpty()) terminal.out().println(line);
            return;
        }
        terminal.out().print(begun ? ",\n" : "[");
        terminal.out().print(row);
        begun = true;
    }

    @Override
    public void progress(long count) {
        bar.aside(() -> terminal.err().println(count + " rows"));
    }

    @Override
    public void progress(long done, long total, String unit) {
        bar.at(done, total, unit);
    }

    /// Prints how it ended and returns the exit code.
    int end(Outcome outcome) {
        bar.end();
        switch (outcome) {
            case Outcome.Done(ObjectNode facts) -> facts(facts);
            case Outcome.Found(ObjectNode facts) -> facts(facts);
            case Outcome.Refused(String message) -> complain(message);
            case Outcome.NotReachable(String message) -> complain(message);
        }
        terminal.out().flush();
        terminal.err().flush();
        return outcome.exitCode();
    }

    private void complain(String message) {
        if (json && begun) terminal.out().println("]");
        terminal.err().println("casella: " + message);
    }

    private void facts(ObjectNode facts) {
        if (json) {
            terminal.out().println(shown.listed() ? begun ? "]" : "[]" : facts.toString());
            return;
        }
        String text = shown.facts().apply(facts);
        if (!text.isEmpty()) terminal.out().println(text);
    }
}
