package casella.relay;

import casella.base.ArrivalId;

/// Brings reports to those who sent a message: to accounts here, or into the queue.
@FunctionalInterface
public interface Reports {
    /// @param to the sender's address
    /// @param id names the report: what is asked for twice under one id is brought once
    /// @param report header and text
    /// @throws casella.base.Fault if it could not be kept: it is asked for again
    void bring(String to, ArrivalId id, byte[] report);
}
