package casella.incident.availability;

import casella.continuity.cohort.Cohort;

/// What an account belongs to, as of now: what it belonged to then is not kept.
///
/// @param brand its name
/// @param plan its name
/// @param paid whether that plan is paid for
public record Member(String brand, String plan, boolean paid, Cohort cohort) {}
