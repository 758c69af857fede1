package casella.pop3;

/// What a command leaves behind: the next state and its answer.
record Turn(State next, Answer answer) {
    Turn(State next, Reply reply) {
        this(next, new Answer.Line(reply));
    }
}
