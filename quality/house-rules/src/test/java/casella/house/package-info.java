/// The house rules: what ARCHITECTURE.md and STYLE.md say, as tests.
@NullMarked
package casella.house;

import org.jspecify.annotations.NullMarked;
