@NullMarked
package casella.continuity.cohort;

import org.jspecify.annotations.NullMarked;
