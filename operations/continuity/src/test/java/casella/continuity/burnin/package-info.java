@NullMarked
package casella.continuity.burnin;

import org.jspecify.annotations.NullMarked;
