/// Slices of accounts that move, or come back, together.
///
/// Promises: an account is in one cohort, the same at every time and on every machine unless an operator moves it; saying
/// which never waits for anything.
/// Never: knows what a cohort is used for.
/// Start reading at [Cohort].
@NullMarked
package casella.continuity.cohort;

import org.jspecify.annotations.NullMarked;
