@NullMarked
package casella.continuity.reenactment;

import org.jspecify.annotations.NullMarked;
